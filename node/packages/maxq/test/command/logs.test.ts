import { aFlow, aFolder, nothingIsLeftOf, startProgram, until, type Program } from "@maxq/test-kit";
import { expect } from "chai";
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
