/** Every line of the log that is about an attempt or a run says which in fields, and no line holds a secret. */
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";

/** A line of the log. */
type Line = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string };

const env = { LOG_LEVEL: "debug", MAXQ_API_KEY: "the-key-of-the-server", MAXQ_DRAIN_MS: "100" };

onEachDatabase("the log", { env }, (system) => {
  const lines = (): Line[] =>
    system.server.output
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Line);
  let runId: string;

  before(async () => {
    const step = `{"name":"flaky","maxRetries":1,"env":{"TOKEN":"secret-of-the-step"}},{"name":"fails"}`;
    const plan = `{"stage":"work","final":true,"steps":[${step}]}`;
    system.flows.add("logged", `[ -n "$MAXQ_FAILED_STAGE" ] || echo '${plan}'`, {
      flaky: `echo "secret of stderr: $TOKEN" >&2
        curl -fsS -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/steps/$MAXQ_STEP_ID/fields" -d '{"fields":{"a":1}}' > "$TEST_SIGNALS/answer"
        echo "$MAXQ_API_KEY" >> "$TEST_SIGNALS/tokens"
        [ "$MAXQ_ATTEMPT" -gt 1 ]`,
      fails: `until [ "$(wc -l < "$TEST_SIGNALS/tokens")" -gt 1 ]; do sleep 0.05; done; exit 7`,
    });
    const api = system.server.api.as(env.MAXQ_API_KEY);
    runId = (await api.runToEnd("logged")).id as string;
    await until("the last lines are there", () => lines().some(({ msg }) => msg === "A run has ended."));
  });

  it("names run, step, attempt and worker of each attempt in fields", () => {
    const about = lines().filter(({ msg }) => msg.startsWith("An attempt"));
    const named = about.map(
      ({ msg, level, step, attempt }) => `${level} ${String(step)} ${String(attempt)}: ${msg}`,
    );
    expect(named).to.have.members([
      "debug flow:1 1: An attempt starts.",
      "debug flow:1 1: An attempt ended well.",
      "debug work.flaky 1: An attempt starts.",
      "warn work.flaky 1: An attempt failed.",
      "debug work.flaky 2: An attempt starts.",
      "debug work.flaky 2: An attempt ended well.",
      "debug work.fails 1: An attempt starts.",
      "warn work.fails 1: An attempt failed.",
      "debug flow:2 1: An attempt starts.",
      "debug flow:2 1: An attempt ended well.",
    ]);
    for (const { run, flow, worker, attemptKey } of about) {
      expect([run, flow]).to.deep.equal([runId, "logged"]);
      expect(worker).to.match(/^.+\/1@[0-9a-f]{6}$/);
      expect(attemptKey).to.match(/^\d+\.\d+$/);
    }
    const [failed] = about.filter(({ step, level }) => step === "work.fails" && level === "warn");
    expect(failed).to.include({
      stage: "work",
      result: "failure",
      code: "STEP_FAILED",
      exitCode: 7,
      killedBy: null,
    });
    const ended = lines().find(({ msg }) => msg === "A run has ended.");
    expect(ended).to.include({ level: "warn", run: runId, status: "failed" });
  });

  it("names run, step and attempt of requests, those of scripts too", () => {
    const requests = lines().filter(({ msg }) => msg === "request");
    const posted = requests.filter(({ url }) => String(url).endsWith("/fields"));
    const attempts = lines().filter(({ msg, step }) => msg === "An attempt starts." && step === "work.flaky");
    expect(posted.map(({ run, step, attemptKey }) => [run, step, attemptKey])).to.deep.equal(
      attempts.map(({ attemptKey }) => [runId, "work.flaky", attemptKey]),
    );
    expect(requests.find(({ status }) => status === 201)).to.include({ run: runId, method: "POST" });
  });

  it("has names in fields alone, and every line that tells of a run names it", () => {
    for (const { msg, run, ...rest } of lines()) {
      expect(msg).not.to.contain(runId).and.not.to.contain("work.");
      if (JSON.stringify(rest).includes(runId)) expect(run, msg).to.equal(runId);
    }
  });

  it("holds no key, no token, and nothing that a script was given or has printed", () => {
    const all = system.server.output;
    for (const secret of [env.MAXQ_API_KEY, "secret-of-the-step", "secret of stderr"])
      expect(all).not.to.contain(secret);
    expect(all.match(/\/as\/(?!\[token\])[^/"]*/g)).to.equal(null);
  });
});
