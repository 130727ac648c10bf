export type * from "./store/refs.js";
export type * from "./store/runs.js";
export type * from "./store/stages.js";
export type * from "./store/work.js";
export type * from "./store/workers.js";
export type * from "./store/data.js";
export * from "./store/store.js";
