import {
  aFlow,
  aFolder,
  aFreePort,
  nothingIsLeftOf,
  startProgram,
  until,
  type Program,
} from "@maxq/test-kit";
import { expect } from "chai";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aRun, aServer, ask, command, maxq } from "./start.js";

const stage = `[ -n "$MAXQ_COMPLETED_STAGE$MAXQ_FAILED_STAGE" ] || echo '{"stage":"s","final":true,"steps":[{"name":"talk"}]}'`;

describe("maxq logs --follow", () => {
  let server: Program;
  let url: string;
  let id: string;
  const { root } = aFlow("talks", {
    flow: stage,
    steps: { talk: "while :; do echo talks; echo complains >&2; sleep 0.1; done" },
  });

  beforeEach(async () => {
    const args = ["--data-dir", aFolder("data"), "--flows", root];
    ({ server, url } = await aServer(args, { MAXQ_ADOPT: "off" }));
    id = await aRun(url, "talks");
    await until(
      "its step runs",
      async () => (await ask(url, `/runs/${id}/steps/s.talk`)).status === "running",
    );
  });
  afterEach(async () => {
    await server.stop("SIGKILL");
    await nothingIsLeftOf(server.mark);
  });

  it("says that the server is lost, and ends with 5, when that is killed", async () => {
    const env = { MAXQ_URL: url };
    const followers = [
      ["logs", id, "-f"],
      ["logs", id, "-f", "--json"],
      ["logs", id, "s.talk", "-f"],
      ["logs", id, "s.talk", "-f", "--json"],
    ].map((args) => ({ line: args.join(" "), program: maxq(args, { env }) }));
    for (const { program } of followers) await program.waitForOutput(/talks/);
    server.kill("SIGKILL");
    for (const { line, program } of followers) {
      const { code } = await program.ended;
      const said = program.output().slice(program.output().lastIndexOf("maxq: "));
      expect(said, line).to.match(
        /^maxq: No answer from http:\S+: \w+\. Check the URL and that the server runs\. --server or MAXQ_URL names another one\.\n$/,
      );
      expect(code, line).to.equal(5);
    }
  });

  it("ends with 0 when its reader has read enough", async () => {
    for (const what of [id, `${id} s.talk`, `${id} s.talk --json`]) {
      const line = `{ ${command} logs ${what} -f; echo "ended with $?" >&2; } | head -2`;
      const program = startProgram({ command: "sh", args: ["-c", line], env: { MAXQ_URL: url } });
      await program.waitForOutput(/ended with 0/);
      await program.ended;
      expect(program.output(), line).not.to.contain("maxq: ");
    }
  });
});

describe("maxq logs and maxq show of what runs still", () => {
  const signals = aFolder("signals");
  const { root } = aFlow("hangs", {
    flow: stage,
    steps: {
      talk: `echo connecting; echo slowly >&2; touch ${signals}/said; until [ -e ${signals}/go ]; do sleep 0.05; done`,
    },
  });

  it("have what it has printed so far, and say that it runs still", async () => {
    const { server, url } = await aServer(["--data-dir", aFolder("data"), "--flows", root]);
    const id = await aRun(url, "hangs");
    await until("it has printed", () => existsSync(join(signals, "said")));
    const output = async (...args: string[]): Promise<string> => {
      const program = maxq(args, { env: { MAXQ_URL: url } });
      expect((await program.ended).code, program.output()).to.equal(0);
      return program.output();
    };
    const still = /^maxq: .*\bstill: .*`maxq logs -f` goes on with what comes\.$/m;
    const ofStep = await output("logs", id, "s.talk");
    expect(ofStep)
      .to.match(/^connecting$/m)
      .and.match(/^slowly$/m)
      .and.match(still);
    expect(await output("logs", id, "s.talk", "--json"))
      .to.contain('"text":"connecting"')
      .and.match(still);
    const ofRun = await output("logs", id);
    expect(ofRun)
      .to.match(/^s\.talk \| connecting$/m)
      .and.match(/^s\.talk ! slowly$/m)
      .and.match(still);
    const shown = await output("show", id, "s.talk");
    expect(shown).to.contain("stdout, 11 bytes so far:\n  | connecting\n");
    expect(shown).to.contain("s.talk runs still: ");

    writeFileSync(join(signals, "go"), "");
    await until("it is over", async () => (await ask(url, `/runs/${id}`)).status === "completed");
    for (const command of ["logs", "show"]) expect(await output(command, id, "s.talk")).not.to.match(/still/);
    expect(await output("logs", id)).not.to.match(/still/);
    await server.stop("SIGTERM");
    await nothingIsLeftOf(server.mark);
  });
});

describe("maxq logs --follow over a restart of the server", () => {
  const signals = aFolder("signals");
  const { root } = aFlow("counts", {
    flow: stage,
    steps: {
      talk: `seq 500; until [ -e ${signals}/gap ]; do sleep 0.05; done; echo "in the gap"
        touch ${signals}/said; until [ -e ${signals}/go ]; do sleep 0.05; done; seq 501 510`,
    },
  });

  it("goes on without a gap or a repeat, and tells which attempt it was", async () => {
    const args = ["--data-dir", aFolder("data"), "--flows", root, "--port", String(await aFreePort())];
    const first = await aServer(args);
    const { url } = first;
    const id = await aRun(url, "counts");
    await until(
      "its step runs",
      async () => (await ask(url, `/runs/${id}/steps/s.talk`)).status === "running",
    );
    const [run, step, json] = [
      ["logs", id, "-f", "--stream", "stdout"],
      ["logs", id, "s.talk", "-f"],
      ["logs", id, "s.talk", "-f", "--json"],
    ].map((each) => maxq(each, { env: { MAXQ_URL: url } })) as [Program, Program, Program];
    for (const each of [run, step, json]) await each.waitForOutput(/\b500\b/);
    first.server.kill("SIGKILL");
    await first.server.ended;
    writeFileSync(join(signals, "gap"), "");
    const { server } = await aServer(args);
    writeFileSync(join(signals, "go"), "");
    const all = Array.from({ length: 510 }, (_, n) => String(n + 1));
    all.splice(500, 0, "in the gap");
    const read = async (program: Program): Promise<string[]> => {
      expect((await program.ended).code, program.output()).to.equal(0);
      return program.output().trimEnd().split("\n");
    };
    expect(await read(step)).to.deep.equal(all);
    const ofRun = (await read(run)).filter((line) => line.startsWith("s.talk |"));
    expect(ofRun.map((line) => line.slice("s.talk | ".length))).to.deep.equal(all);
    expect((await read(json)).map((line) => JSON.parse(line) as object)).to.deep.equal(
      all.map((text) => ({ type: "output", stepId: "s.talk", stream: "stdout", attempt: 1, text })),
    );
    await server.stop("SIGTERM");
    await nothingIsLeftOf(server.mark);
  });
});
