/** A request over HTTP whose statement's answer is lost: what was done stands or does not, the client is told 503, and asking again sets it right. */
import { expect } from "chai";
import { stage } from "../control/flow.js";
import type { Answer } from "../system/api.js";
import { commits } from "./cuts.js";
import { FaultSite } from "./site.js";

/** At every statement; else where something was committed. */
const long = process.env["MAXQ_TEST_LONG"] === "1";

/** A request, on a run that is made for it. */
interface Case {
  readonly title: string;
  /** Answers the run's id. */
  readonly given: () => Promise<string>;
  readonly request: (runId: string) => Promise<Answer>;
  /** Of the second request. */
  readonly repeated: readonly number[];
  /** What then holds. */
  readonly holds: (runId: string) => Promise<void>;
}

const document = stage("s", [{ id: "a" }, { id: "b", dependsOn: ["a"] }]);

describe("an answer of the database that is lost to a request", function () {
  this.timeout(120_000);
  let site: FaultSite;
  before(async () => {
    site = await FaultSite.open({}, true);
    site.flows.add("never", ":", { a: ":", b: ":" });
  });
  after(() => site.close());
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.error(site.lastWords());
  });

  let count = 0;
  const aRun = (): Promise<string> => site.api.trigger("never");
  const withStage = async (): Promise<string> => {
    const runId = await aRun();
    expect((await post(runId, "steps", document)).status).to.equal(201);
    return runId;
  };
  const following = (given: () => Promise<string>, action: string) => async (): Promise<string> => {
    const runId = await given();
    expect((await post(runId, action)).status).to.equal(200);
    return runId;
  };
  const post = (runId: string, action: string, body?: unknown): Promise<Answer> =>
    site.api.post(`/runs/${runId}/${action}`, body);
  const isNow = (status: string) => async (runId: string) => {
    expect((await site.api.run(runId)).status).to.equal(status);
  };
  const steps = (a: string, b: string) => async (runId: string) => {
    const found = await site.api.steps(runId);
    expect(found.map(({ id, status }) => `${id} ${status}`)).to.deep.equal([`a ${a}`, `b ${b}`]);
  };

  const cases: Case[] = [
    {
      title: "triggers one run, with an Idempotency-Key",
      given: () => Promise.resolve(`key-${++count}`),
      request: (key) =>
        site.api.request("POST", "/flows/never/runs", { metadata: { key } }, { "idempotency-key": key }),
      repeated: [200],
      holds: async (key) => {
        expect((await site.api.get(`/runs?metadata.key=${key}`)).body.data).to.have.length(1);
      },
    },
    {
      title: "schedules a stage once",
      given: aRun,
      request: (runId) => post(runId, "steps", document),
      repeated: [200, 201],
      holds: steps("pending", "pending"),
    },
    {
      title: "merges fields once",
      given: withStage,
      request: (runId) => post(runId, "steps/a/fields", { fields: { n: 1 } }),
      repeated: [200],
      holds: async (runId) => {
        expect((await site.api.get(`/runs/${runId}/fields`)).body.fields[0].fields).to.deep.equal({ n: 1 });
      },
    },
    {
      title: "pauses",
      given: withStage,
      request: (runId) => post(runId, "pause"),
      repeated: [200, 409],
      holds: isNow("paused"),
    },
    {
      title: "resumes",
      given: following(withStage, "pause"),
      request: (runId) => post(runId, "resume"),
      repeated: [200, 409],
      holds: isNow("pending"),
    },
    {
      title: "aborts",
      given: withStage,
      request: (runId) => post(runId, "abort"),
      repeated: [200, 202],
      holds: isNow("aborted"),
    },
    {
      title: "retries a run once",
      given: following(withStage, "abort"),
      request: (runId) => post(runId, "retry"),
      repeated: [200, 409],
      holds: steps("pending", "pending"),
    },
    {
      title: "retries a step once",
      given: following(withStage, "abort"),
      request: (runId) => post(runId, "steps/a/retry?cascade=true"),
      repeated: [200, 409],
      holds: steps("pending", "pending"),
    },
  ];

  for (const { title, given, request, repeated, holds } of cases)
    it(title, async () => {
      const told = new Set<number>();
      for (let nth = 1, cut = true; cut; nth++) {
        const runId = await given();
        cut = false;
        void site.proxy.cutReply(nth, (text) => long || commits(text)).then(() => (cut = true));
        const first = await request(runId);
        site.proxy.serve();
        told.add(first.status);
        expect(first.status, JSON.stringify(first.body)).to.be.oneOf([200, 201, 503]);
        const second = await request(runId);
        expect(second.status, `after ${first.status}: ${JSON.stringify(second.body)}`).to.be.oneOf([
          ...repeated,
          first.status === 503 ? 201 : 200,
        ]);
        await holds(runId);
      }
      expect([...told]).to.include(503);
    });

  it("and the database stays whole", () => site.expectWhole());
});
