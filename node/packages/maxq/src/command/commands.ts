import type { Commands } from "./invocation.js";

/** Loaded when called: `--help` and the small commands need neither the server nor its libraries, and the server needs no command. */
export const commands: Commands = {
  serve: async (...args) => (await import("../serve/serve.js")).serve(...args),
  worker: async (...args) => (await import("../serve/worker.js")).work(...args),
  migrate: async (...args) => (await import("../migrate/migrate.js")).migrate(...args),
  doctor: async (...args) => (await import("../doctor/doctor.js")).doctor(...args),
  verify: async (...args) => (await import("../verify/verify.js")).verify(...args),
  key: async (...args) => (await import("../key/key.js")).key(...args),
  run: async (...args) => (await import("../run/run.js")).run(...args),
  runs: async (...args) => (await import("../runs/list.js")).listRuns(...args),
  show: async (...args) => (await import("../runs/show.js")).show(...args),
  logs: async (...args) => (await import("../runs/logs.js")).logs(...args),
  control: async (...args) => (await import("../runs/control.js")).control(...args),
  exportRun: async (...args) => (await import("../runs/export.js")).exportRun(...args),
  flows: async (...args) => (await import("../flows/flows.js")).flows(...args),
  workers: async (...args) => (await import("../workers/workers.js")).workers(...args),
  validate: async (...args) => (await import("../validate/validate.js")).validate(...args),
  prune: async (...args) => (await import("../prune/prune.js")).prune(...args),
  init: async (...args) => (await import("../init/init.js")).init(...args),
};
