/** The flows of docs/examples do what their comments say. */
import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onEachDatabase } from "../system/databases.js";

const flows = resolve(import.meta.dirname, "../../docs/examples/flows");

/** What wc says of all regular files below a directory: lines, words, bytes. */
function wc(directory: string): number[] {
  const command = 'find "$1" -type f -print0 | sort -z | xargs -0 cat | wc';
  const text = execFileSync("bash", ["-c", command, "wc", directory], {
    env: { ...process.env, LC_ALL: "C" },
  });
  return text.toString().trim().split(/\s+/).map(Number);
}

onEachDatabase("example flows", { flows }, (system) => {
  it("all are listed, with title and description, and without problems", async () => {
    const { body } = await system.server.api.get("/flows");
    const names = body.data.map((flow: { name: string }) => flow.name);
    expect(names).to.include.members([
      "data-passing",
      "failure-handling",
      "fan-out",
      "hello-http",
      "hello-stdout",
    ]);
    for (const flow of body.data) {
      expect(flow.title, flow.name).to.be.a("string");
      expect(flow.description, flow.name).to.be.a("string");
      expect(flow.problems, flow.name).to.deep.equal([]);
    }
  });

  it("hello-http posts fields in one stage and reads them in the next", async () => {
    const { api } = system.server;
    const run = await api.runToEnd("hello-http");
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    const { stdout } = await api.step(run.id, "farewell-step");
    expect(stdout).to.include('"message":"Hello, World!"');
    expect(stdout).to.match(/Goodbye, World!\n$/);
  });

  it("hello-stdout says hello", async () => {
    const { api } = system.server;
    const run = await api.runToEnd("hello-stdout");
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    expect(run.output).to.deep.equal({ greeted: true });
    const { stdout } = await api.step(run.id, "greet.say-hello");
    expect(stdout).to.equal(`Hello from MaxQ: step greet.say-hello of run ${run.id}\n`);
    expect((await api.step(run.id, "flow:2")).stdout).to.match(/^called after stage 'greet'\n/);
  });

  it("fan-out adds up eight squares", async () => {
    const { api } = system.server;
    const run = await api.runToEnd("fan-out");
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    expect((await api.step(run.id, "squares.sum")).stdout).to.equal("offset and eight squares make 240\n");
  });

  it("failure-handling retries, falls back, recovers and completes", async () => {
    const { api } = system.server;
    const run = await api.runToEnd("failure-handling");
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    const steps = (await api.steps(run.id)).map((step) => [step.id, step.status, step.attempt]);
    expect(steps).to.deep.equal([
      ["fetch.fetch", "completed", 3],
      ["deliver.deliver", "failed", 2],
      ["fallback.keep-for-later", "completed", 1],
      ["report.report", "completed", 1],
    ]);
  });

  it("data-passing hands on input, fields and an artifact", async () => {
    const { api } = system.server;
    const input = { who: "Zoë", list: [0, false, "", null] };
    const run = await api.runToEnd("data-passing", input);
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    expect((await api.get(`/runs/${run.id}/artifacts/input-seen`)).body.data).to.deep.equal(input);
    const [producer] = (await api.get(`/runs/${run.id}/fields?stepId=producer`)).body.fields;
    expect(producer.fields).to.deep.equal({
      colour: "green",
      weights: [1, 2.5, 4],
      nested: { deep: true },
      posted: 42,
    });
    const { stdout } = await api.step(run.id, "consumer");
    expect(stdout).to.include('"colour":"green"').and.include("Zoë");
    const flow = await api.step(run.id, "flow:1");
    expect(flow.stdout).to.include(`the input is ${JSON.stringify(input)}`);
  });

  describe("word-count", () => {
    const corpus = mkdtempSync(join(tmpdir(), "maxq-corpus-"));
    before(() => {
      mkdirSync(join(corpus, "deeper"));
      for (let file = 0; file < 7; file++)
        writeFileSync(
          join(corpus, file % 2 ? "deeper" : ".", `${file}.txt`),
          `The cat, the CAT: cat!\n${"dog\t".repeat(file)}12 - 3\n`,
        );
    });
    after(() => rmSync(corpus, { recursive: true }));

    it("counts a given folder in three parts: totals as wc has them, ranking as expected", async () => {
      const { api } = system.server;
      const run = await api.runToEnd("word-count", { directory: corpus, parts: 3, top: 2 });
      expect(run.status, JSON.stringify(run.error)).to.equal("completed");
      const { files, lines, words, bytes, top } = run.output;
      expect(files).to.equal(7);
      expect([lines, words, bytes]).to.deep.equal(wc(corpus));
      expect(top).to.deep.equal([
        { word: "cat", count: 21 },
        { word: "dog", count: 21 },
      ]);
      expect((await api.steps(run.id, "&name=count")).length).to.equal(3);
      const { stdout } = await api.step(run.id, "count.merge");
      expect(stdout).to.match(/^ {3}1\. cat {18} {6}21$/m);
      expect(stdout).to.match(/wc over all files at once counts the same\.\n$/);
    });

    it("finds something to count on its own", async () => {
      const { api } = system.server;
      const run = await api.runToEnd("word-count");
      expect(run.status, JSON.stringify(run.error)).to.equal("completed");
      const { stdout } = await api.step(run.id, "count.merge");
      const directory = /^(\/.*): \d+ files/m.exec(stdout)![1]!;
      expect([run.output.lines, run.output.words, run.output.bytes]).to.deep.equal(wc(directory));
      expect(run.output.top).to.have.length(20);
    });

    it("fails when the folder that it was given is not there", async () => {
      const { api } = system.server;
      const run = await api.runToEnd("word-count", { directory: "/no/such/folder" });
      expect(run.status).to.equal("failed");
      expect(JSON.stringify(run.error)).to.include("there is no directory /no/such/folder");
    });
  });
});
