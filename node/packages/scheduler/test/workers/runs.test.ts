import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Site } from "./site.js";

describe("a worker with real scripts on SQLite", () => {
  let site: Site;

  before(async () => {
    site = await Site.open();
    await site.worker.start();
  });
  after(() => site.close());

  it("runs a chain in its order", async () => {
    const names = Array.from({ length: 10 }, (_, index) => ({
      id: `s${index}`,
      name: "hop",
      ...(index === 0 ? {} : { dependsOn: [`s${index - 1}`] }),
    }));
    site.oneStage("chain", { steps: names.reverse() }, { hop: 'echo "$MAXQ_STEP_ID" >> "$SITE/hops"' });
    const run = await site.run("chain");
    expect(run).to.deep.include({ status: "completed", error: null });
    expect(site.read("hops").trim().split("\n")).to.deep.equal(
      Array.from({ length: 10 }, (_, index) => `s${index}`),
    );
  });

  it("runs a fan-out of 50, all of them once", async () => {
    site.oneStage(
      "fan",
      { steps: [{ name: "leaf", instances: 50 }] },
      { leaf: 'echo "$MAXQ_SEQUENCE" >> "$SITE/seen"' },
    );
    expect((await site.run("fan")).status).to.equal("completed");
    const seen = site
      .read("seen")
      .trim()
      .split("\n")
      .map(Number)
      .sort((a, b) => a - b);
    expect(seen).to.deep.equal(Array.from({ length: 50 }, (_, index) => index));
  });

  it("calls the flow back after each stage, with what was completed", async () => {
    const script = `case "$MAXQ_COMPLETED_STAGE" in
      "") echo '{"stage":"one","steps":[{"name":"work"}]}' ;;
      one) echo 'half way'; echo '{"stage":"two","final":true,"steps":[{"name":"work"}],"output":{"done":true}}' ;;
    esac`;
    site.flow("stages", script, {
      work: 'echo "$MAXQ_STAGE_NAME" >> "$SITE/order"; echo "size=3" >> "$MAXQ_OUTPUT"',
    });
    const run = await site.run("stages");
    expect(run).to.deep.include({ status: "completed", output: { done: true } });
    expect(site.read("order")).to.equal("one\ntwo\n");
    const fields = await site.store.listFields(run.id, null, null);
    expect(fields?.data.map((step) => step.fields)).to.deep.equal([{ size: "3" }, { size: "3" }]);
  });

  it("retries with backoff until a step succeeds", async () => {
    site.oneStage(
      "flaky",
      { steps: [{ name: "third", maxRetries: 3, retryDelayMs: 50, retryBackoff: "exponential" }] },
      { third: '[ "$MAXQ_ATTEMPT" = 3 ]' },
    );
    const run = await site.run("flaky");
    expect(run.status).to.equal("completed");
    expect((await site.steps(run.id))[0]).to.deep.include({ status: "completed", attempt: 3 });
  });

  it("starts nothing more of a stage in which a step failed, not even what was claimed ahead", async () => {
    const leaf = `echo "$MAXQ_SEQUENCE" >> "$SITE/began"
      if [ "$MAXQ_SEQUENCE" = 0 ]; then
        until [ "$(wc -l < "$SITE/began")" -ge 10 ]; do sleep 0.01; done
        exit 1
      fi
      until [ -e "$SITE/recorded" ]; do sleep 0.01; done`;
    site.oneStage("fails-fast", { steps: [{ name: "leaf", instances: 60 }] }, { leaf });
    const stop = site.store.onWakeUp(() => void noteFailure());
    const noteFailure = async (): Promise<void> => {
      const { data } = await site.store.listRuns(
        { flowName: "fails-fast" },
        { limit: 1, offset: 0, cursor: null },
      );
      const steps = data[0] === undefined ? [] : await site.steps(data[0].id);
      if (steps.some((step) => step.status === "failed")) writeFileSync(join(site.root, "recorded"), "");
    };
    const run = await site.run("fails-fast");
    stop();
    expect(run.status).to.equal("failed");
    expect(site.read("began").trim().split("\n")).to.have.length(10);
    const counts = (await site.store.listStages(run.id))[0]?.counts;
    expect(counts).to.deep.include({ failed: 1, completed: 9, cancelled: 50 });
  });

  it("fails a step that runs longer than its time", async () => {
    site.oneStage("slow", { steps: [{ name: "forever", timeoutMs: 100 }] }, { forever: "exec sleep 1000" });
    const run = await site.run("slow");
    expect(run.status).to.equal("failed");
    expect((await site.steps(run.id))[0]?.error?.code).to.equal("STEP_TIMEOUT");
  });

  it("abort kills the whole tree", async () => {
    site.oneStage(
      "tree",
      { steps: [{ name: "forks" }] },
      { forks: 'sleep 1000 & echo $! > "$SITE/child"; wait' },
    );
    const runId = await site.trigger("tree");
    const child = Number(await site.written("child"));
    const answer = await site.store.abortRun(runId);
    expect(answer).to.deep.include({ reason: "aborting", active: 1 });
    expect((await site.over(runId)).status).to.equal("aborted");
    expect(() => process.kill(child, 0)).to.throw("ESRCH");
  });

  it("a paused run goes on exactly there", async () => {
    const steps = [{ name: "first" }, { name: "second", dependsOn: ["first"] }];
    const gate = 'echo go > "$SITE/at"; until [ -e "$SITE/open" ]; do sleep 0.01; done';
    site.oneStage("pausing", { steps }, { first: gate, second: 'echo second > "$SITE/second"' });
    const runId = await site.trigger("pausing");
    await site.written("at");
    await site.store.pauseRun(runId);
    site.touch("open");
    await site.until("the first is recorded", async () =>
      (await site.steps(runId))[0]?.status === "completed" ? true : null,
    );
    await site.worker.runOnce();
    expect((await site.steps(runId))[1]?.status).to.equal("pending");
    await site.store.resumeRun(runId);
    expect((await site.over(runId)).status).to.equal("completed");
    expect(site.read("second")).to.equal("second\n");
  });

  it("fails a run whose flow.sh fails, with the end of its stderr", async () => {
    site.flow("bad", 'echo "no such thing" >&2; exit 7');
    const run = await site.run("bad");
    expect(run.status).to.equal("failed");
    expect(run.error).to.deep.include({ code: "FLOW_FAILED" });
    expect(run.error?.details).to.deep.include({ exitCode: 7, stderr: "no such thing\n" });
  });

  it("fails a run whose flow.sh prints a broken document", async () => {
    site.flow("broken", `echo '{"stage":"one","steps":['`);
    const run = await site.run("broken");
    expect(run).to.deep.include({ status: "failed" });
    expect(run.error?.code).to.equal("INVALID_FLOW_OUTPUT");
  });

  it("fails a run whose step failed, and cancels what waited", async () => {
    const steps = [{ name: "bad" }, { name: "never", dependsOn: ["bad"] }];
    site.oneStage("failing", { steps }, { bad: "echo oops >&2; exit 3", never: 'echo no > "$SITE/never"' });
    const run = await site.run("failing");
    expect(run.status).to.equal("failed");
    expect((await site.steps(run.id)).map(({ status }) => status)).to.deep.equal(["failed", "cancelled"]);
    expect((await site.steps(run.id))[0]?.error?.details).to.deep.include({ exitCode: 3, stderr: "oops\n" });
  });

  it("streams what a step prints, until it ends", async () => {
    const script = 'echo ready > "$SITE/ready"; until [ -e "$SITE/go" ]; do sleep 0.01; done; echo hello';
    site.oneStage("talks", { steps: [{ id: "talk", name: "talk" }] }, { talk: script });
    const runId = await site.trigger("talks");
    await site.written("ready");
    let heard = "";
    const ended = new Promise<void>((resolve) => {
      const stop = site.worker.live.follow(
        runId,
        "talk",
        (_stream, chunk) => (heard += chunk.toString()),
        resolve,
      );
      expect(stop).to.be.a("function");
    });
    site.touch("go");
    await ended;
    expect(heard).to.equal("hello\n");
    await site.over(runId);
    expect(
      site.worker.live.follow(
        runId,
        "talk",
        () => undefined,
        () => undefined,
      ),
    ).to.equal(null);
  });
});
