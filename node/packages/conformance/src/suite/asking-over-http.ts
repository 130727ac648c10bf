import type { FlowDocument, Json, StagePlan } from "@maxq/core";
import type { ClaimedTask, ExchangeAnswer, Outcome } from "@maxq/db";
import { expect } from "chai";
import { aStage, asksForNothing } from "../kit/a-stage.js";
import { known, type Known } from "../kit/known.js";
import { failure, output, printed, success } from "../kit/outcomes.js";
import { sequences } from "../kit/sequences.js";
import { accepted, codeOf, type World } from "../kit/world.js";

interface Way {
  readonly slots: number;
  /** The worker asks for work the moment that it hears of some, as it does in the process that takes the request. */
  readonly awake: boolean;
  /** The call's end is told together with those of the steps, not before. */
  readonly together: boolean;
  /** Whether exchanges with something to record look for what waits. */
  readonly look: boolean;
  readonly failing: readonly string[];
}

type Scheduled = Awaited<ReturnType<World["store"]["scheduleStage"]>>;

/** Stages that flow calls ask for over HTTP: a Store may store one and hand its steps out with the same statement. */
export function askingOverHttp(world: () => World): void {
  const nowhere = { lookForSteps: false, lookForCalls: false };

  /** A call asks for a stage, and a worker that hears of work while it does so claims at once. */
  async function ask(
    plan: StagePlan,
    call: ClaimedTask,
    freeSteps: number,
  ): Promise<{ readonly answer: Scheduled; readonly claimed: readonly ClaimedTask[] }> {
    const claims: Promise<ExchangeAnswer>[] = [];
    const stop = world().store.onWakeUp(({ reason }) => {
      if (reason === "work" && claims.length === 0)
        claims.push(world().worker.exchange({ freeSteps, freeCalls: 4 }));
    });
    const answer = await world().store.scheduleStage(call.runId, plan, call);
    stop();
    return { answer, claimed: (await Promise.all(claims)).flatMap(({ claimed }) => claimed) };
  }

  /** What there is to know of a run whose calls ask for these stages in turn. */
  async function driven(plans: readonly StagePlan[], way: Way): Promise<object> {
    const { slots, awake, together, look, failing } = way;
    const { worker, store } = world();
    const { id } = await world().create();
    const answers: string[] = [];
    let asked = 0;
    let outcomes: Outcome[] = [];
    const exchange = async (told: readonly Outcome[], freeSteps = slots): Promise<readonly ClaimedTask[]> => {
      const where = look || told.length === 0 ? {} : nowhere;
      return (await worker.exchange({ outcomes: told, freeSteps, freeCalls: 4, ...where })).claimed;
    };
    for (let round = 0; round < 100; round++) {
      const tasks = [...(await exchange(outcomes))];
      if (tasks.length === 0 && outcomes.length === 0) break;
      outcomes = [];
      const calls = tasks.filter(({ kind }) => kind === "flow");
      for (const call of calls) {
        const plan = plans[asked++];
        if (plan !== undefined) {
          const { answer, claimed } = awake
            ? await ask(plan, call, slots)
            : { answer: await store.scheduleStage(id, plan, call), claimed: await exchange([]) };
          answers.push(answer.reason);
          tasks.push(...claimed);
        }
        const end = printed(call, asksForNothing, { output: output(`call ${asked}`) });
        if (together) outcomes.push(end);
        else
          tasks.push(...(await exchange([end], slots - tasks.filter(({ kind }) => kind === "step").length)));
      }
      for (const task of tasks)
        if (task.kind === "step")
          outcomes.push(
            failing.includes(task.id) ? failure(task) : success(task, { output: output(task.id) }),
          );
    }
    const { events, ...rest } = await known(world(), id);
    return { answers, ...rest, events: histories(events) };
  }

  describe("a stage that is asked for over HTTP comes to the same, whoever takes its steps when:", () => {
    for (const [what, plans] of Object.entries(sequences))
      it(what, async () => {
        for (const together of [true, false])
          for (const slots of [1, 4])
            for (const failing of [[], ["s.a"]]) {
              const way = { slots, together, failing };
              const expected = await driven(plans, { ...way, awake: false, look: true });
              for (const awake of [true, false])
                for (const look of [true, false])
                  expect(await driven(plans, { ...way, awake, look })).to.deep.equal(expected);
            }
      });
  });

  describe("a worker that claims as a stage is asked for", () => {
    it("is given its steps, as tasks that say everything", async () => {
      const { run, call } = await world().called({ flowName: "other \"'", priority: 2 });
      const { answer, claimed } = await ask(aStage("s \"'", [{ name: "a", instances: 2 }]), call, 2);
      expect(accepted(answer)).to.deep.include({ reason: "scheduled", scheduled: 2 });
      expect(claimed.map(({ id }) => id)).to.deep.equal(["s \"'.a.0", "s \"'.a.1"]);
      const of = { runId: run.id, flowName: "other \"'", stageName: "s \"'", kind: "step", name: "a" };
      for (const [sequence, task] of claimed.entries())
        expect(task).to.deep.include({
          ...of,
          sequence,
          attempt: 1,
          env: {},
          timeoutMs: null,
          control: null,
        });
      for (const { id } of claimed)
        expect(await world().step(run.id, id)).to.deep.include({
          status: "running",
          priority: 2,
          attempt: 1,
        });
      await world().worker.record(success(call), ...claimed.map((task) => success(task)));
    });

    it("is given what waited before it", async () => {
      const before = await world().runWith(aStage("s", ["a"]));
      const { call } = await callOf(await world().create());
      const { claimed } = await ask(aStage("s", ["a"]), call, 1);
      expect(claimed.map(({ runId }) => runId)).to.deep.equal([before.id]);
      const [next] = await world().worker.claimSteps(1);
      expect(next!.runId).to.equal(call.runId);
      await world().worker.record(success(call), ...[...claimed, next!].map((task) => success(task)));
    });

    it("is given a flow call that waited before it", async () => {
      const { call } = await world().called();
      const other = await world().create();
      const { claimed } = await ask(aStage("s", ["a"]), call, 1);
      expect(claimed.filter(({ kind }) => kind === "flow").map(({ runId }) => runId)).to.deep.equal([
        other.id,
      ]);
    });

    it("is given nothing, and nothing is stored, for a call that is over", async () => {
      const { run, call } = await world().called();
      await world().worker.record(failure(call));
      const { answer, claimed } = await ask(aStage("s", ["a"]), call, 1);
      expect([codeOf(answer), claimed]).to.deep.equal(["ATTEMPT_OVER", []]);
      expect(await world().stages(run.id)).to.deep.equal({});
    });

    it("is given nothing of a run that is paused", async () => {
      const { run, call } = await world().called();
      await world().store.pauseRun(run.id);
      const { claimed } = await ask(aStage("s", ["a"]), call, 1);
      expect(claimed).to.deep.equal([]);
      expect(await world().steps(run.id)).to.deep.include({ "s.a": "pending" });
    });

    it("is given nothing once it counts as dead", async () => {
      const { run, call } = await world().called();
      await world().store.rescueWorker(world().worker.key, 0);
      const { claimed } = await ask(aStage("s", ["a"]), call, 1);
      expect(claimed).to.deep.equal([]);
      expect((await world().run(run.id)).status).to.equal("running");
    });
  });

  describe("the end of a call that asked over HTTP, told with that of its step,", () => {
    const invalid = { reason: "invalid", problem: { code: "INVALID_FLOW_OUTPUT", message: "x" } } as const;

    async function ended(
      document: FlowDocument,
      { asks = true, ...change }: { readonly asks?: boolean } & Partial<Outcome> = {},
    ): Promise<{ readonly call: ClaimedTask; readonly claimed: readonly ClaimedTask[] }> {
      const run = await world().runWith(aStage("r", ["a"]));
      const other = await world().worker.claimStep();
      await world().worker.record(success(other));
      const call = await world().worker.claimCall();
      if (asks) accepted(await world().store.scheduleStage(run.id, aStage("s", ["a"]), call));
      else accepted(await world().store.scheduleStage(run.id, aStage("s", ["a"]), null));
      const step = await world().worker.claimStep();
      const outcomes = [printed(call, document, change), success(step)];
      return {
        call,
        claimed: (await world().worker.exchange({ outcomes, freeSteps: 4, freeCalls: 4, ...nowhere }))
          .claimed,
      };
    }

    it("brings the next call at once", async () => {
      const { claimed } = await ended(asksForNothing);
      expect(claimed.map(({ id, completedStage }) => [id, completedStage])).to.deep.equal([["flow:3", "s"]]);
    });

    it("brings it, too, after an answer of curl that is no document", async () => {
      expect((await ended(invalid)).claimed.map(({ id }) => id)).to.deep.equal(["flow:3"]);
    });

    it("fails the run if what it printed is no document and it did not ask", async () => {
      const { call } = await ended(invalid, { asks: false });
      expect(await world().status(call.runId)).to.equal("failed");
    });

    it("keeps what both printed, and the times of both", async () => {
      const { run, call } = await world().called();
      const { claimed } = await ask(aStage("s", ["a"], { final: true }), call, 1);
      const outcomes = [
        printed(call, asksForNothing, { output: output("by the call \u{1f600}"), durationMs: 7, cpuMs: 3 }),
        success(claimed[0]!, { output: output("by the step", "err") }),
      ];
      const answer = await world().worker.exchange({ outcomes, freeSteps: 1, freeCalls: 1, ...nowhere });
      expect(answer.ended).to.deep.equal([{ runId: run.id, status: "completed" }]);
      const [flow] = await world().store.listFlowCalls(run.id);
      expect(flow).to.deep.include({ id: "flow:1", status: "completed", exitCode: 0 });
      const printedBy = async (id: string): Promise<string> =>
        (await world().store.getStep(run.id, id))!.output.stdout;
      expect(await printedBy("s.a")).to.equal("by the step");
    });
  });

  async function callOf({ id }: { readonly id: string }): Promise<{ readonly call: ClaimedTask }> {
    const call = await world().worker.claimCall();
    expect(call.runId).to.equal(id);
    return { call };
  }
}

/** What events tell of each step, call, stage and run, in order. When one happened beside another depends on who asks when. */
function histories(events: Known["events"]): object {
  const told: Record<string, Json[]> = {};
  for (const [type, data] of events) {
    const { id, name } = data as { readonly id?: string; readonly name?: string };
    (told[`${type} ${id ?? name ?? ""}`] ??= []).push(data);
  }
  return told;
}
