/** Where keys, tokens and the database's password are not: looked for in everything that the server says and in `/proc`. */
import { aFolder, forEachDatabase, processesMarked } from "@maxq/test-kit";
import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { heard, say, says, waits } from "../control/signals.js";
import { onEachDatabase } from "../system/databases.js";
import type { Server } from "../system/server.js";
import { System } from "../system/system.js";

const key = "a-key-that-nobody-may-see";

/** A process as everybody of its user can see it. */
interface Seen {
  readonly pid: number;
  readonly line: string;
  readonly environment: string;
}

/** The engine, its launcher, which has no mark of the test, and scripts. What ends while it is looked at (a `sleep` of a script that waits) is passed over. */
function processesOf(server: Server): Seen[] {
  const children = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, "utf8")
    .split(" ")
    .filter(Boolean);
  const pids = [...processesMarked(server.mark).map(({ pid }) => pid), ...children.map(Number)];
  return [...new Set(pids)].flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      return [{ pid, line, environment: readFileSync(`/proc/${pid}/environ`, "utf8") }];
    } catch {
      return [];
    }
  });
}

const stage = { stage: "s", final: true, steps: [{ id: "it", name: "it" }] };
const tells = `${says("token", "$MAXQ_API_KEY")}; ${says("pid", "$$")}; ${waits("go")}`;

onEachDatabase("secrets", { env: { MAXQ_API_KEY: key, LOG_LEVEL: "debug" } }, (system) => {
  it("the key is in no argument and no environment but the engine's own; a token in its own script's environment alone", async () => {
    const api = system.server.api.as(key);
    system.flows.stage("tells", stage, { it: tells });
    const runs = [await api.trigger("tells"), await api.trigger("tells")];
    const scripts = await Promise.all(
      runs.map(async (runId) => ({
        runId,
        token: await heard(system, runId, "token"),
        pid: Number(await heard(system, runId, "pid")),
      })),
    );
    const seen = processesOf(system.server);
    expect(seen.length, "engine, launcher and two scripts").to.be.at.least(4);
    for (const { pid, line, environment } of seen) {
      expect(line, `arguments of ${pid}`).not.to.contain(key);
      if (pid !== system.server.pid) expect(environment, line).not.to.contain(key);
      for (const script of scripts) {
        expect(line, `arguments of ${pid}`).not.to.contain(script.token);
        const own = environment.includes(`MAXQ_RUN_ID=${script.runId}\0`);
        expect(environment.includes(script.token), `environment of ${line}`).to.equal(own);
      }
    }
    // Refused, faulty and good requests that carry them, by header, path and query.
    for (const { runId, token } of scripts) {
      const as = `/as/${token}`;
      for (const path of [
        `${as}/runs/${runId}`,
        `${as}/nothing`,
        `${as}/runs/%ff`,
        `${as}x/runs`,
        `${as}/runs/${runId}?a=1`,
      ]) {
        const { body } = await system.server.api.get(path);
        expect(JSON.stringify(body), path).not.to.contain(token);
      }
      for (const bearer of [token, `${token}x`, key, `${key}x`]) {
        const answers = [
          await system.server.api.as(bearer).get("/runs/nothing"),
          await system.server.api.as(bearer).post(`/runs/${runId}/steps`, "{oops"),
          await system.server.api.as(bearer).get(`/runs/${runId}/steps/it`),
        ];
        expect(JSON.stringify(answers.map(({ body }) => body as unknown))).not.to.contain(bearer);
      }
      say(system, runId, "go");
      await api.ended(runId);
      const stored = [
        await api.run(runId),
        await api.step(runId, "it"),
        await api.step(runId, "flow:1"),
        (await api.get(`/runs/${runId}/logs`)).body,
        (await api.get(`/runs/${runId}/events`)).body,
      ];
      expect(JSON.stringify(stored)).not.to.contain(token).and.not.to.contain(key);
      expect(system.server.output).not.to.contain(token);
    }
    expect(system.server.output).to.contain('"msg":"request"').and.not.to.contain(key);
  });

  it("no error of a run, a flow call or a step holds the token that its script printed", async () => {
    const api = system.server.api.as(key);
    const shown = 'set -x; : "$MAXQ_API"; exit 3';
    const broken = `printf '{"stage": %s' "$MAXQ_API"`;
    const named = `printf '{"stage":"s","steps":[{"name":"it","%s":1}]}' "$MAXQ_API_KEY"`;
    const dependent = `printf '{"stage":"s","steps":[{"name":"it","dependsOn":["%s"]}]}' "$MAXQ_API_KEY"`;
    system.flows.stage("fails", stage, { it: shown });
    for (const [index, script] of [shown, broken, named, dependent].entries())
      system.flows.add(`fails-${index}`, script, { it: ":" });
    for (const flow of ["fails", "fails-0", "fails-1", "fails-2", "fails-3"]) {
      const runId = await api.trigger(flow);
      const { error } = await api.ended(runId);
      const failed = await api.step(runId, flow === "fails" ? "it" : "flow:1");
      for (const text of [error, failed.error].map((value) => JSON.stringify(value)))
        expect(text, flow).to.contain("[token]").and.not.to.match(/mxt_/);
    }
  });
});

describe("secrets in files", () => {
  forEachDatabase((_, database) => {
    it("MAXQ_API_KEY_FILE and MAXQ_DATABASE_URL_FILE keep them out of every process's environment", async () => {
      const directory = aFolder("secrets");
      const { MAXQ_DATABASE_URL: url, ...rest } = database.environment;
      const keyFile = join(directory, "key");
      writeFileSync(keyFile, `${key}\n`, { mode: 0o600 });
      const urlFile = join(directory, "url");
      if (url !== undefined) writeFileSync(urlFile, `${url}\n`, { mode: 0o600 });
      const env = {
        ...rest,
        ...(url === undefined ? {} : { MAXQ_DATABASE_URL_FILE: urlFile }),
        MAXQ_API_KEY_FILE: keyFile,
      };
      const system = new System({ env }, directory);
      system.flows.stage("tells", stage, { it: `${tells}; env` });
      await system.start({});
      const { server } = system;
      try {
        expect((await server.api.get("/runs")).status).to.equal(401);
        const api = server.api.as(key);
        const runId = await api.trigger("tells");
        await api.stepIs(runId, "it", "running");
        await heard(system, runId, "pid");
        for (const { line, environment } of processesOf(server))
          for (const secret of [key, ...(url === undefined ? [] : [url])])
            expect(line + environment, line).not.to.contain(secret);
        say(system, runId, "go");
        expect((await api.ended(runId)).status).to.equal("completed");
        expect((await api.step(runId, "it")).stdout)
          .not.to.contain(key)
          .and.not.to.contain(keyFile);
        expect(server.output).not.to.contain(key);
        const password = url === undefined ? "" : new URL(url).password;
        if (password !== "") expect(server.output).not.to.contain(password);
      } finally {
        await system.stop();
      }
    });
  });
});
