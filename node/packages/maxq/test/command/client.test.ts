import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aFlow, aFolder, until, type Program } from "@maxq/test-kit";
import { createClient, valueOf, type Client } from "@maxq/client";
import { expect } from "chai";
import { inside } from "./inside.js";
import { aServer, maxq } from "./start.js";

const once = (document: string): string =>
  `[ -n "$MAXQ_COMPLETED_STAGE$MAXQ_FAILED_STAGE" ] || echo '${document}'`;
const stage = (name: string): string => once(`{"stage":"s","final":true,"steps":[{"name":"${name}"}]}`);

describe("maxq as a client", () => {
  let server: Program;
  let url: string;
  let client: Client;
  const witness = aFolder("witness");
  const { root } = aFlow("fine", { flow: stage("a"), steps: { a: "echo out; echo beside >&2" } });
  aFlow("bad", { flow: stage("moon"), steps: { moon: "echo cannot reach the moon >&2; exit 4" } }, root);
  aFlow("slow", { flow: stage("wait"), steps: { wait: `touch ${witness}/$MAXQ_RUN_ID; sleep 1000` } }, root);
  const keyFile = join(aFolder("key"), "key");

  before(async () => {
    writeFileSync(keyFile, "secret-key\n", { mode: 0o600 });
    ({ server, url } = await aServer(["--flows", root], { MAXQ_API_KEY: "secret-key" }));
    url = url.replace(/\/api\/v1$/, "");
    client = createClient({ baseUrl: url, apiKey: "secret-key" });
  });
  after(() => server.stop());

  /** The command as a client of the server, as a process: what is watched, and exit codes as others see them. */
  function asked(args: readonly string[], env: Record<string, string> = {}): Program {
    return maxq(args, { env: { MAXQ_URL: url, MAXQ_API_KEY_FILE: keyFile, ...env } });
  }

  async function ended(...args: string[]): Promise<{ code: number | null; output: string }> {
    const program = asked(args);
    const { code } = await program.ended;
    return { code, output: program.output() };
  }

  /** The command as a client of the server, in this process. */
  const answer = (...args: string[]) => inside(args, { MAXQ_URL: url, MAXQ_API_KEY_FILE: keyFile });

  async function aSlowRun(): Promise<string> {
    const { id } = valueOf(await client.runs.create("slow"));
    await until("its step runs", () => existsSync(join(witness, id)));
    return id;
  }

  it("starts a run and prints its id; a watched run's result is the exit code", async () => {
    const [started, fine, bad, late] = await Promise.all([
      answer("run", "fine", "--name", "by hand"),
      ended("run", "fine", "--watch", "--json", "--input", `{"a":1}`),
      ended("run", "bad", "--watch"),
      ended("run", "slow", "--watch", "--timeout", "1s"),
    ]);
    expect(started.code).to.equal(0);
    const run = valueOf(await client.runs.get(started.out.trim()));
    expect(run).to.include({ flowName: "fine", name: "by hand" });
    expect(fine.code).to.equal(0);
    const json = fine.output.split("\n").find((line) => line.startsWith("{"))!;
    expect(JSON.parse(json)).to.deep.include({ status: "completed", input: { a: 1 } });
    expect(fine.output).to.match(/✔ s\.a \(.*\): out\n✔ stage s.*\n✔ fine completed in/);
    expect(bad.code).to.equal(1);
    expect(bad.output).to.contain("✘ s.moon").and.contain("  | cannot reach the moon");
    expect(late.code).to.equal(124);
  });

  it("ends with 3 when the watched run is aborted, by another command", async () => {
    const id = await aSlowRun();
    const watching = asked(["show", id, "--watch"]);
    const aborted = await answer("abort", id);
    expect(aborted.code).to.equal(0);
    expect(aborted.out).to.equal(`${id}\n`);
    expect(aborted.err).to.contain("1 running script was told to end, with all that it had started.");
    expect((await watching.ended).code).to.equal(3);
    const again = await answer("retry", id, "--new", "--json");
    const { run } = JSON.parse(again.out);
    expect(run).to.include({ retryOf: id });
    await client.runs.abort(run.id);
  });

  it("leaves the run on Ctrl-C without a terminal: 130, and how to watch it again", async () => {
    const watching = asked(["run", "slow", "--watch"]);
    const [id] = await watching.waitForOutput(/[0-9a-f-]{36}/);
    await until("its step runs", () => existsSync(join(witness, id)));
    expect(await watching.stop("SIGINT")).to.deep.equal({ code: 130, signal: null });
    expect(watching.output()).to.contain(`maxq show ${id} --watch --server ${url}`);
    expect(valueOf(await client.runs.get(id)).status).to.equal("running");
    expect((await answer("pause", id)).code).to.equal(0);
    expect((await answer("resume", id)).err).to.contain("The run goes on.");
    await client.runs.abort(id);
  });

  it("shows runs, flows and workers, for people and for programs", async () => {
    const { id } = valueOf(await client.runs.create("fine"));
    await until(
      "it is over",
      async () => valueOf(await client.runs.get(id, { wait: 5 })).status === "completed",
    );
    const json = async (...args: string[]) => JSON.parse((await answer(...args, "--json")).out);
    const [runs, run, step, flows, flow, workers, text] = await Promise.all([
      json("runs", "--flow", "fine", "--status", "completed", "--limit", "1"),
      json("show", id),
      json("show", id, "s.a"),
      json("flows"),
      json("flows", "fine"),
      json("workers"),
      answer("show", id, "s.a"),
    ]);
    expect(runs.map((each: { id: string }) => each.id)).to.deep.equal([id]);
    expect(run).to.have.nested.property("stages[0].name", "s");
    expect(step).to.include({ stdout: "out\n", stderr: "beside\n" });
    expect(flows).to.have.length(3);
    expect(flow).to.include({ name: "fine" });
    expect(workers).to.have.nested.property("[0].status", "live");
    expect(text.out).to.match(
      /✔ s\.a completed[^]*script +steps\/a\/step\.sh[^]*stdout, 4 bytes:\n {2}\| out/,
    );
  });

  it("prints what scripts printed, and everything about a run", async () => {
    const { id } = valueOf(await client.runs.create("fine"));
    const following = await answer("logs", id, "--follow");
    expect(following.code).to.equal(0);
    const file = join(aFolder("export"), "run.json");
    const [all, one, exported] = await Promise.all([
      answer("logs", id),
      answer("logs", id, "s.a", "--stream", "stdout", "--json"),
      answer("export", id, "--output", file),
    ]);
    for (const output of [following.out, all.out])
      expect(output).to.contain("flow:1 | {").and.contain("s.a | out\n").and.contain("s.a ! beside\n");
    expect(JSON.parse(one.out)).to.deep.include({ stepId: "s.a", stream: "stdout", text: "out" });
    expect(exported.code).to.equal(0);
    const document = JSON.parse(readFileSync(file, "utf8"));
    expect(document).to.include({ format: "maxq-run/1" });
    expect(document).to.have.nested.property("steps[0].attempts[0].stdout", "out\n");
    expect(document.events.at(-1)).to.deep.include({ type: "run", data: { status: "completed" } });
  });

  it("says which finished runs would go, and removes them", async () => {
    const ids = await Promise.all([1, 2, 3].map(async () => valueOf(await client.runs.create("fine")).id));
    for (const id of ids)
      await until("it is over", async () => {
        return valueOf(await client.runs.get(id, { wait: 5 })).status === "completed";
      });
    const there = async () => valueOf(await client.runs.list({ flowName: "fine" })).data;
    const before = await there();
    const keep = ["prune", "--flow", "fine", "--keep", "1"];
    const would = await answer(...keep, "--dry-run");
    expect(would.code).to.equal(0);
    expect(would.out).to.match(
      /^Would remove \d+ runs with \d+ steps, about [\d.]+ kB\. Nothing was removed\.\n$/,
    );
    expect(await there()).to.have.length(before.length);
    const done = JSON.parse((await answer(...keep, "--json")).out);
    expect(done).to.deep.equal({
      dryRun: false,
      runs: before.length - 1,
      steps: before.length - 1,
      bytes: null,
    });
    expect(await there()).to.have.length(1);
    expect((await answer("prune", "--flow", "fine", "--older-than", "1h")).out).to.equal(
      "Removed 0 runs with 0 steps.\n",
    );
    const unsaid = await answer("prune");
    expect(unsaid.code).to.equal(2);
    expect(unsaid.err).to.contain("Retention is off on this server").and.to.contain("--older-than");
  });

  it("tells a refused key, a silent server and a wrong command line apart: 4, 5, 2", async () => {
    const open = join(aFolder("key"), "open");
    writeFileSync(open, "secret-key");
    chmodSync(open, 0o644);
    const wrong = { MAXQ_API_KEY: "wrong", MAXQ_API_KEY_FILE: "" };
    for (const [program, code, message] of [
      [asked(["runs"], wrong), 4, "Set MAXQ_API_KEY"],
      [asked(["runs", "--server", "http://127.0.0.1:9"]), 5, "No answer from http://127.0.0.1:9"],
      [asked(["runs"], { MAXQ_API_KEY_FILE: open }), 2, `Run chmod 600 ${open}`],
    ] as const) {
      expect((await program.ended).code, message).to.equal(code);
      expect(program.output()).to.contain(message).and.not.to.contain("secret-key");
    }
    for (const [args, message] of [
      [["run", "fien", "--watch"], `There is no flow "fien"`],
      [["runs", "--since", "yesterday"], "90s, 15m, 2h or 7d"],
      [["show"], "missing required argument"],
    ] as const) {
      const { code, err } = await answer(...args);
      expect(code, message).to.equal(2);
      expect(err).to.contain(message);
    }
  });

  it("makes a flow that runs at once, in either dialect, and touches nothing that is there", async () => {
    for (const dialect of ["stdout", "http"]) {
      expect((await answer("init", dialect, "--dialect", dialect, "--flows", root)).code).to.equal(0);
      const { id } = valueOf(await client.runs.create(dialect));
      await until(
        "it is over",
        async () => valueOf(await client.runs.get(id, { wait: 5 })).completedAt !== null,
      );
      expect((await answer("logs", id, "sum.sum")).out).to.equal("3 instances have greeted.\n");
    }
    expect((await answer("validate", "--flows", root)).code).to.equal(0);
    for (const name of ["fine", "no name"])
      expect((await answer("init", name, "--flows", root)).code).to.equal(2);
  });
});
