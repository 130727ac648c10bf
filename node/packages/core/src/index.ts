export * from "./entities.js";
export * from "./errors.js";
export * from "./flow-directory.js";
export * from "./problem.js";
export * from "./script.js";
export * from "./stage/plan.js";
export * from "./states.js";
export * from "./live-output.js";
