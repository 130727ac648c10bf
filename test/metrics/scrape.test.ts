/** What a server under load tells Prometheus: in its format, as documented, and no more of it however much has run. */
import { checkScrape, parseScrape, until, type Scrape } from "@maxq/test-kit";
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";
import { documentedMetrics } from "./documented.js";

/** Few, because it must be cheap. With 10,000 it was done by hand. */
const runs = 16;

onEachDatabase("a scrape", { env: { MAXQ_DRAIN_MS: "100", MAXQ_API_KEY: "the-key" } }, (system) => {
  const asked = () => system.server.api.as("the-key");
  const steps = `{"name":"works","instances":3},{"name":"fails-once","maxRetries":1,"dependsOn":["works"]}`;
  before(() => {
    for (const name of ["one", "two", "three"]) {
      system.flows.add(name, `echo '{"stage":"s","final":true,"steps":[${steps}]}'`, {
        works: "exit 0",
        "fails-once": `[ "$MAXQ_ATTEMPT" -gt 1 ]`,
      });
    }
    system.flows.add("fails", "exit 3");
    system.flows.add(
      "held",
      `echo '{"stage":"s","steps":[{"name":"waits"}]}'; [ -z "$MAXQ_COMPLETED_STAGE" ]`,
      { waits: `until [ -e "$TEST_SIGNALS/go" ]; do sleep 0.05; done` },
    );
  });

  async function scrape(): Promise<string> {
    const answer = await fetch(`${system.server.url}/metrics`, {
      headers: { authorization: "Bearer the-key" },
    });
    expect(answer.status).to.equal(200);
    return answer.text();
  }

  /** Runs flows by turns, some at a time, and waits for their ends. */
  async function load(count: number): Promise<void> {
    const next = Array.from({ length: count }, (_, n) => ["one", "two", "three", "fails"][n % 4]!);
    const lane = async (): Promise<void> => {
      for (let flow = next.pop(); flow !== undefined; flow = next.pop()) await asked().runToEnd(flow);
    };
    await Promise.all(Array.from({ length: 8 }, lane));
  }

  it("under load is well-formed and what docs/metrics.md says", async () => {
    let over = false;
    const work = load(12).finally(() => (over = true));
    const found: string[] = [];
    while (!over) found.push(...checkScrape(await scrape()));
    await work;
    expect(found).to.deep.equal([]);
    const { families } = parseScrape(await scrape());
    const own = [...families.values()].filter(({ name }) => name.startsWith("maxq_"));
    const documented = documentedMetrics();
    expect(own.map(({ name }) => name)).to.have.members([...documented.keys()]);
    for (const { name, type, help, samples } of own) {
      const described = documented.get(name)!;
      expect({ name, type, help }).to.deep.equal({ name, type: described.type, help: described.help });
      const labels = new Set(
        samples.flatMap((each) => Object.keys(each.labels)).filter((each) => each !== "le"),
      );
      expect([...labels].filter((label) => !described.labels.includes(label))).to.deep.equal([]);
    }
  });

  it("says what ran, what runs and who reads", async () => {
    const id = await asked().trigger("held");
    const reader = new AbortController();
    const events = `${system.server.url}/api/v1/runs/${id}/events`;
    const { body } = await fetch(events, {
      headers: { authorization: "Bearer the-key" },
      signal: reader.signal,
    });
    await body!.getReader().read();
    await asked().stepIs(id, "s.waits", "running");
    const during = valuesOf(parseScrape(await scrape()));
    expect(during).to.include({ 'maxq_slots_used{kind="step"}': 1, 'maxq_slots{kind="step"}': 10 });
    expect(during['maxq_stream_readers{stream="events"}']).to.equal(1);
    reader.abort();
    await asked().post(`/runs/${id}/abort`);
    await until("nobody reads", async () => {
      const { 'maxq_stream_readers{stream="events"}': readers } = valuesOf(parseScrape(await scrape()));
      return readers === 0;
    });
    const after = valuesOf(parseScrape(await scrape()));
    expect(after).to.include({ 'maxq_attempts_ended_total{kind="step",result="aborted"}': 1 });
    expect(after['maxq_runs_ended_total{status="aborted"}']).to.equal(1);
    expect(after['maxq_attempts_ended_total{kind="step",result="failure"}']).to.equal(9);
    expect(after['maxq_runs_ended_total{status="failed"}']).to.equal(3);
  });

  it("has no more series after more runs", async () => {
    const before = Object.keys(valuesOf(parseScrape(await scrape())));
    await load(runs);
    const after = Object.keys(valuesOf(parseScrape(await scrape())));
    expect(after.filter((series) => !before.includes(series))).to.deep.equal([]);
  });
});

/** Each series of MaxQ's own with its value. */
function valuesOf({ families }: Scrape): Record<string, number> {
  const samples = [...families.values()].flatMap((family) => family.samples);
  const own = samples.filter(({ name }) => name.startsWith("maxq_"));
  return Object.fromEntries(
    own.map(({ name, labels, value }) => {
      const pairs = Object.entries(labels).map(([key, text]) => `${key}="${text}"`);
      return [pairs.length === 0 ? name : `${name}{${pairs.join(",")}}`, value];
    }),
  );
}
