import { Agent, request } from "node:http";

/** What a client reads of a run. Times are epoch ms of the database's clock. */
export interface RunAnswer {
  readonly id: string;
  readonly status: string;
  readonly createdAt: number;
  readonly completedAt: number;
  readonly stages: readonly {
    readonly name: string;
    readonly createdAt: number;
    readonly completedAt: number;
    readonly counts: Readonly<Record<string, number>>;
  }[];
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

/** Speaks HTTP with a server, over few connections that stay open. */
export class BenchApi {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 20 });

  /** @param url e.g. `http://127.0.0.1:3000/api/v1` */
  constructor(readonly url: string) {}

  get(path: string): Promise<Json> {
    return this.send("GET", path);
  }

  post(path: string, body: unknown = {}): Promise<Json> {
    return this.send("POST", path, JSON.stringify(body));
  }

  /** The answer's JSON; rejects unless its status is 2xx. */
  send(method: string, path: string, body?: string): Promise<Json> {
    return new Promise((resolve, reject) => {
      const headers = body === undefined ? {} : { "content-type": "application/json" };
      const outgoing = request(this.url + path, { method, headers, agent: this.#agent }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("error", reject);
        answer.on("end", () => {
          const text = Buffer.concat(chunks).toString();
          if (answer.statusCode! < 300) resolve(JSON.parse(text));
          else reject(new Error(`${method} ${path}: ${answer.statusCode} ${text}`));
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  /** Triggers a run and answers its id. */
  async trigger(flowName: string, input: unknown = {}): Promise<string> {
    return (await this.post(`/flows/${flowName}/runs`, { input })).id as string;
  }

  run(runId: string): Promise<RunAnswer> {
    return this.get(`/runs/${runId}`);
  }

  /** The run, once it is what is wanted. Looks seldom, so that watching costs the engine next to nothing; the times are the database's. Rejects if it fails. */
  async runOnce(runId: string, wanted: (run: RunAnswer) => boolean, everyMs = 100): Promise<RunAnswer> {
    for (;;) {
      const run = await this.run(runId);
      if (run.status === "failed" || run.status === "aborted")
        throw new Error(`Run ${runId} is ${run.status}: ${JSON.stringify(run)}`);
      if (wanted(run)) return run;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }

  /** Triggers a run and answers it when it has completed; looks for the first time after `everyMs`. */
  async runToEnd(flowName: string, input: unknown, everyMs: number): Promise<RunAnswer> {
    const id = await this.trigger(flowName, input);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
    return this.runOnce(id, ({ status }) => status === "completed", everyMs);
  }

  /** Triggers a run of one stage and answers that stage's time from stored to completed, in ms. Rejects unless it completed so many steps. */
  async stageTime(flowName: string, steps: number, input: unknown = { steps }): Promise<number> {
    const { stages } = await this.runToEnd(flowName, input, steps < 100 ? 20 : 250);
    const stage = stages[0]!;
    if (stage.counts.completed !== steps)
      throw new Error(
        `A stage of ${flowName} completed ${stage.counts.completed} steps: there should be ${steps}`,
      );
    return stage.completedAt - stage.createdAt;
  }

  /** A run's whole time from creation to completion, in ms. */
  async runTime(flowName: string, input: unknown = {}, everyMs = 20): Promise<number> {
    const { completedAt, createdAt } = await this.runToEnd(flowName, input, everyMs);
    return completedAt - createdAt;
  }

  /** Ends the connections. */
  close(): void {
    this.#agent.destroy();
  }
}
