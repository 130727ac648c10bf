import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { aFlow, aFolder, nothingIsLeftOf, startProgram, until } from "@maxq/test-kit";
import { expect } from "chai";
import { aRun, aServer, ask, command, maxq } from "./start.js";

const oneStage = `[ -n "$MAXQ_COMPLETED_STAGE$MAXQ_FAILED_STAGE" ] || echo '{"stage":"s","final":true,"steps":[{"name":"work"}]}'`;

function aRunIs(url: string, id: string, status: string): Promise<true> {
  return until(`the run is ${status}`, async () => (await ask(url, `/runs/${id}`)).status === status);
}

function aStepIs(url: string, id: string, status: string): Promise<true> {
  return until(
    `the step is ${status}`,
    async () => (await ask(url, `/runs/${id}/steps`)).data[0]?.status === status,
  );
}

describe("maxq, the server", () => {
  it("says what it serves and ends with 0 on SIGTERM, leaving nothing behind", async () => {
    const dataDir = aFolder("data");
    const { server } = await aServer(["--data-dir", dataDir, "--flows", aFolder("flows")]);
    expect(server.output())
      .to.contain(`SQLite at ${join(dataDir, "maxq.db")}`)
      .and.contain("launcher")
      .and.contain("Retention is off");
    expect(await server.stop("SIGTERM")).to.deep.equal({ code: 0, signal: null });
    await nothingIsLeftOf(server.mark);
  });

  it("names the database that does not answer at its start, and what to look at; so does a worker", async () => {
    const env = { MAXQ_DATABASE_URL: "postgres://nobody:hunter2@127.0.0.1:1/none" };
    for (const args of [["--port", "0"], ["worker"]]) {
      const program = maxq(args, { env });
      expect(await program.ended).to.include({ code: 1 });
      expect(program.output()).to.contain(
        "maxq: PostgreSQL did not answer at 127.0.0.1:1/none: connect ECONNREFUSED 127.0.0.1:1. Check that PostgreSQL runs there, and host, user,",
      );
    }
  });

  it("keeps a small heap, also where it is started by a link, as npm makes one", async () => {
    const link = join(aFolder("bin"), "maxq");
    symlinkSync(command, link);
    const server = startProgram({ command: link, args: ["--port", "0"], cwd: aFolder("cwd") });
    const [, url = ""] = await server.waitForOutput(/serves (http:\/\/[^,]+)/);
    const metrics = await (await fetch(`${new URL(url).origin}/metrics`)).text();
    const [, young = ""] = /^nodejs_heap_space_size_total_bytes\{space="new"\} (\S+)$/m.exec(metrics) ?? [];
    // It is 16 MB and more with Node's own sizes: loading the program makes it grow.
    expect(Number(young)).to.be.within(1, 6 * 2 ** 20);
    await server.stop("SIGTERM");
  });

  it("serves without flows, and says why there are none", async () => {
    const missing = join(aFolder("flows"), "missing");
    const file = join(aFolder("flows"), "file");
    writeFileSync(file, "");
    for (const [root, message] of [
      [missing, `There is no flows root ${missing}. Create it, or name another one`],
      [file, `The flows root ${file} is no directory. Make it one, or name another one`],
    ] as const) {
      const { server } = await aServer(["--flows", root]);
      expect(server.output()).to.contain(message);
      await server.stop("SIGTERM");
    }
  });

  it("removes finished runs where it is told to, and says so at its start", async () => {
    const dataDir = aFolder("data");
    const { root } = aFlow("small", { flow: oneStage, steps: { work: "true" } });
    const args = ["--data-dir", dataDir, "--flows", root];
    const { server, url } = await aServer(args);
    for (const id of [await aRun(url, "small"), await aRun(url, "small")]) await aRunIs(url, id, "completed");
    await server.stop("SIGTERM");
    const again = await aServer(args, { MAXQ_RETENTION_RUNS: "1" });
    expect(again.server.output()).to.contain("beyond the newest 1 of their flow");
    await again.server.waitForOutput(/Finished runs were removed/);
    expect((await ask(again.url, "/runs")).data).to.have.length(1);
    await again.server.stop("SIGTERM");
  });

  it("tells nothing of its environment in its log, which scripts may need and nobody else", async () => {
    const { server } = await aServer([], { LOG_LEVEL: "debug", SOMEBODYS_TOKEN: "for-scripts-alone" });
    await server.stop("SIGTERM");
    expect(server.output()).not.to.contain("for-scripts-alone").and.not.to.contain("SOMEBODYS_TOKEN");
  });

  it("lets a running step end after SIGTERM", async () => {
    const gate = join(aFolder("gate"), "open");
    const work = `echo started; until [ -e "${gate}" ]; do sleep 0.05; done`;
    const { root } = aFlow("gated", { flow: oneStage, steps: { work } });
    const dataDir = aFolder("data");
    const { server, url } = await aServer(["--data-dir", dataDir, "--flows", root]);
    const id = await aRun(url, "gated");
    await aStepIs(url, id, "running");
    server.kill("SIGTERM");
    await server.waitForOutput(/Stopping: 1 scripts run/);
    writeFileSync(gate, "");
    expect(await server.ended).to.deep.equal({ code: 0, signal: null });

    const again = await aServer(["--data-dir", dataDir, "--flows", root]);
    await aRunIs(again.url, id, "completed");
    expect((await ask(again.url, `/runs/${id}/steps`)).data[0].attempt).to.equal(1);
    await again.server.stop();
  });

  it("ends what runs at once on a second signal, and hands it back", async () => {
    const { root } = aFlow("endless", {
      flow: oneStage,
      steps: { work: "trap '' TERM; while :; do sleep 0.1; done" },
    });
    const dataDir = aFolder("data");
    const { server, url } = await aServer(["--data-dir", dataDir, "--flows", root, "--drain-ms", "600000"]);
    const id = await aRun(url, "endless");
    await aStepIs(url, id, "running");
    server.kill("SIGTERM");
    await server.waitForOutput(/Stopping: 1 scripts run; they have/);
    server.kill("SIGINT");
    expect(await server.ended).to.deep.equal({ code: 0, signal: null });
    await nothingIsLeftOf(server.mark);
  });

  it("continues a run after kill -9, with MAXQ_ADOPT=off: what ran is started again, what was completed is not", async () => {
    const folder = aFolder("witness");
    const flow = `[ -n "$MAXQ_COMPLETED_STAGE" ] || echo '{"stage":"s","final":true,"steps":[{"name":"first"},{"name":"second","dependsOn":["first"]}]}'`;
    const first = `echo x >> ${folder}/first`;
    const second = `[ "$MAXQ_ATTEMPT" -gt 1 ] || { touch ${folder}/waiting; while :; do sleep 0.1; done; }`;
    const { root } = aFlow("two", { flow, steps: { first, second } });
    const dataDir = aFolder("data");
    const off = { MAXQ_ADOPT: "off" };
    const { server, url } = await aServer(["--data-dir", dataDir, "--flows", root], off);
    const id = await aRun(url, "two");
    await until("the second step waits", () => existsSync(join(folder, "waiting")));
    await server.stop("SIGKILL");
    await nothingIsLeftOf(server.mark);

    const again = await aServer(["--data-dir", dataDir, "--flows", root], off);
    await aRunIs(again.url, id, "completed");
    expect((await ask(again.url, `/runs/${id}/steps/s.second`)).attempts[0].reason).to.equal("worker_lost");
    expect((await ask(again.url, `/runs/${id}/steps/s.first`)).attempt).to.equal(1);
    await again.server.stop();
  });

  it("says that a port is taken before it touches anything", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await until("the other one listens", () => other.listening);
    const { port } = other.address() as AddressInfo;
    const dataDir = join(aFolder("data"), "not-yet");
    const server = maxq(["--port", String(port), "--data-dir", dataDir]);
    expect((await server.ended).code).to.equal(1);
    expect(server.output()).to.contain(`Port ${port} on 127.0.0.1 is in use.`).and.contain("--port");
    expect(existsSync(dataDir)).to.equal(false);
    other.close();
  });

  it("refuses a SQLite database that another server has", async () => {
    const dataDir = aFolder("data");
    const { server } = await aServer(["--data-dir", dataDir]);
    const second = maxq(["--port", "0", "--data-dir", dataDir]);
    expect((await second.ended).code).to.equal(1);
    expect(second.output()).to.contain(`is in use by the server with process id ${server.pid}`);
    await server.stop();
  });

  it("reports all wrong settings at once and starts nothing", async () => {
    const server = maxq(["--lease-ms", "0"], { env: { MAXQ_PORT: "abc", MAXQ_DATABASE_URL: "nonsense" } });
    expect((await server.ended).code).to.equal(2);
    expect(server.output()).to.match(/MAXQ_PORT is "abc"[^]*MAXQ_DATABASE_URL is set[^]*--lease-ms is "0"/);
  });

  it("keeps its own settings and secrets from scripts", async () => {
    const { root } = aFlow("env", {
      flow: oneStage,
      steps: { work: "env; echo; tr '\\0' '\\n' < /proc/$PPID/environ" },
    });
    const secret = "a-key-that-nobody-may-see";
    const env = {
      MAXQ_API_KEY: secret,
      MAXQ_HIDE_ENV: "OTHER_SECRET",
      OTHER_SECRET: "hidden-too",
      PLAIN: "visible",
    };
    const { server, url } = await aServer(["--data-dir", aFolder("data"), "--flows", root], env);
    const headers = { Authorization: `Bearer ${secret}` };
    const made = await fetch(`${url}/flows/env/runs`, { method: "POST", headers, body: "{}" });
    const { id } = (await made.json()) as { id: string };
    const step = await until("the step is over", async () => {
      const answer = await fetch(`${url}/runs/${id}/steps/s.work`, { headers });
      const found = (await answer.json()) as { status?: string; stdout?: string };
      return found.status === "completed" ? found : null;
    });
    expect(step.stdout).to.contain("PLAIN=visible").and.contain("MAXQ_STEP_ID=s.work");
    expect(step.stdout).not.to.contain(secret).and.not.to.contain("hidden-too");
    expect(server.output()).not.to.contain(secret);
    await server.stop();
  });
});

describe("the command line", () => {
  it("says when what it answers cannot be written, and ends with 1", async () => {
    const { root } = aFlow("fine", { flow: "true" });
    for (const line of ["--version", "--help", `validate fine --flows ${root} --json`]) {
      const program = startProgram({ command: "sh", args: ["-c", `exec ${command} ${line} > /dev/full`] });
      expect((await program.ended).code, line).to.equal(1);
      expect(program.output(), line).to.match(/(^|\n)maxq: .* cannot be written: ENOSPC: .*\n$/);
      expect(program.output(), line).not.to.contain("    at ");
    }
  });

  it("refuses a command that there is not, and says which was meant", async () => {
    const program = maxq(["docter"]);
    expect((await program.ended).code).to.equal(2);
    expect(program.output()).to.contain('there is no command docter. Did you mean "doctor"?');
  });

  it("lists every option of the documentation in --help", async () => {
    const program = maxq(["--help"]);
    expect((await program.ended).code).to.equal(0);
    for (const option of [
      "-p, --port <number>",
      "-d, --data-dir <path>",
      "-f, --flows <path>",
      "--max-concurrent-steps <number>",
      "--max-log-capture <number>",
      "--scheduler-interval <number>",
      "--scheduler-batch-size <number>",
      "--abort-grace-ms <number>",
      "--log-level <level>",
      "-V, --version",
      "-h, --help",
    ]) {
      expect(program.output()).to.contain(option);
    }
  });
});
