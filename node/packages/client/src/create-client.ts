import { dataClient, type DataClient } from "./data.js";
import { followRun, type FollowRun } from "./events.js";
import { followOutput, type FollowOutput } from "./output.js";
import { runsClient, type RunsClient } from "./runs.js";
import { serverClient, type ServerClient } from "./server.js";
import { stepsClient, type StepsClient } from "./steps.js";
import { createTransport, type TransportOptions } from "./transport.js";

/** The API, typed. Every call answers a value: what came, why it was refused, or that no answer came. */
export interface Client {
  readonly runs: RunsClient;
  readonly steps: StepsClient;
  readonly data: DataClient;
  readonly server: ServerClient;
  readonly followRun: FollowRun;
  readonly followOutput: FollowOutput;
}

/** A client of one server. Works in Node and in browsers; holds nothing open between calls. */
export function createClient(options: TransportOptions): Client {
  const transport = createTransport(options);
  return {
    runs: runsClient(transport),
    steps: stepsClient(transport),
    data: dataClient(transport),
    server: serverClient(transport),
    followRun: followRun(transport),
    followOutput: followOutput(transport),
  };
}
