import { until } from "@maxq/test-kit";

/** What the server answered. `body` is the parsed JSON, or the text if it is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly body: any;
}

const over = ["completed", "failed", "aborted"];

/** Speaks HTTP with a server, as any client would. */
export class Api {
  /**
   * @param url e.g. `http://127.0.0.1:3000/api/v1`
   * @param headers sent with every request
   */
  constructor(
    readonly url: string,
    private readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  /** The same server, asked with this bearer. */
  as(bearer: string): Api {
    return new Api(this.url, { ...this.headers, authorization: `Bearer ${bearer}` });
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...this.headers,
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: parsed(text) };
  }

  get(path: string, headers?: Record<string, string>): Promise<Answer> {
    return this.request("GET", path, undefined, headers);
  }

  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    return this.request("POST", path, body, headers);
  }

  /** Triggers a flow and answers the run's id. */
  async trigger(flowName: string, input: unknown = {}): Promise<string> {
    const answer = await this.post(`/flows/${flowName}/runs`, { input });
    if (answer.status !== 201)
      throw new Error(`Triggering ${flowName}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body.id as string;
  }

  async run(runId: string): Promise<Answer["body"]> {
    return (await this.get(`/runs/${runId}`)).body;
  }

  /** The run, once it is over. */
  async ended(runId: string, withinMs = 60_000): Promise<Answer["body"]> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const { body: run } = await this.get(`/runs/${runId}?wait=5`);
      if (over.includes(run.status as string)) return run;
      if (performance.now() > deadline)
        throw new Error(`After ${withinMs} ms the run is not over: ${JSON.stringify(run, null, 1)}`);
    }
  }

  /** Triggers a flow and answers the run once it is over. */
  async runToEnd(flowName: string, input?: unknown, withinMs?: number): Promise<Answer["body"]> {
    return this.ended(await this.trigger(flowName, input), withinMs);
  }

  /** All steps of a run, whatever their number, in the order in which they were scheduled. */
  async steps(runId: string, query = ""): Promise<Answer["body"][]> {
    const steps: Answer["body"][] = [];
    for (;;) {
      const answer = await this.get(`/runs/${runId}/steps?limit=100&offset=${steps.length}${query}`);
      if (answer.status !== 200) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
      steps.push(...answer.body.data);
      if (answer.body.data.length < 100) return steps;
    }
  }

  /** One step, or flow call, with its attempts and output. */
  async step(runId: string, stepId: string): Promise<Answer["body"]> {
    return (await this.get(`/runs/${runId}/steps/${stepId}`)).body;
  }

  /** Waits until a step or flow call is there and in that state. */
  async stepIs(runId: string, stepId: string, status: string): Promise<void> {
    const isThere = async () => (await this.step(runId, stepId)).status === status;
    await until(`step ${stepId} of run ${runId} is ${status}`, isThere);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
