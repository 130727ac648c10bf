export * from "./directory.js";
export * from "./state.js";
export * from "./latest.js";
