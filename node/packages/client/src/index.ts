export { ApiError, valueOf, type Answer, type Answered, type Refused, type Unreachable } from "./answer.js";
export { createClient, type Client } from "./create-client.js";
export type { DataClient, LogList, LogQuery } from "./data.js";
export type { Followed, FollowOptions, FollowRun } from "./events.js";
export type { FollowOutput, FollowOutputOptions } from "./output.js";
export type { Action, Kill, List, PageQuery, RunQuery, RunsClient, RunWithStages } from "./runs.js";
export type { PruneQuery, Readiness, ServerClient } from "./server.js";
export type { OutputQuery, Scheduled, StepQuery, StepsClient } from "./steps.js";
export type { TransportOptions } from "./transport.js";
