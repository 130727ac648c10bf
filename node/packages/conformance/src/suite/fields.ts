import { expect } from "chai";
import { aStage } from "../kit/a-stage.js";
import { success } from "../kit/outcomes.js";
import { accepted, codeOf, type World } from "../kit/world.js";

const noRun = "00000000-0000-4000-8000-000000000000";

export function fields(world: () => World): void {
  describe("fields", () => {
    it("are merged key by key", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const task = await world().worker.claimStep();
      const one = accepted(
        await world().store.mergeFields(run.id, "s.a", { x: 1, y: { deep: [null] } }, task),
      );
      expect(one.fields).to.deep.equal({ x: 1, y: { deep: [null] } });
      const two = accepted(await world().store.mergeFields(run.id, "s.a", { y: false, z: "" }, task));
      expect(two.fields).to.deep.equal({ x: 1, y: false, z: "" });
      expect(accepted(await world().store.mergeFields(run.id, "s.a", {}, task)).fields).to.deep.equal({
        x: 1,
        y: false,
        z: "",
      });
    });

    it("keep odd names and values", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const odd = JSON.parse('{"__proto__": 1, "": 2, "a.b\\"\'": "\\u0000", "constructor": null}') as Record<
        string,
        never
      >;
      accepted(await world().store.mergeFields(run.id, "s.a", odd, null));
      const [step] = (await world().store.listFields(run.id, null, null))!.data;
      expect(JSON.stringify(step!.fields)).to.equal(JSON.stringify(odd));
    });

    it("of names with NUL or half a character are kept under what can be stored", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const answer = accepted(
        await world().store.mergeFields(run.id, "s.a", { "a\0": 1, "b\ud800": 2 }, null),
      );
      expect(answer.fields).to.deep.equal({ "a\ufffd": 1, "b\ufffd": 2 });
    });

    it("are listed in schedule order with their steps, those asked for even without", async () => {
      const run = await world().runWith(aStage("s", ["a", "b", "c"]));
      await world().store.mergeFields(run.id, "s.c", { x: 3 }, null);
      await world().store.mergeFields(run.id, "s.a", { x: 1, y: 2 }, null);
      const all = (await world().store.listFields(run.id, null, null))!.data;
      expect(all).to.deep.equal([
        {
          stepId: "s.a",
          stepName: "a",
          stageName: "s",
          status: "pending",
          fields: { x: 1, y: 2 },
          completedAt: null,
        },
        {
          stepId: "s.c",
          stepName: "c",
          stageName: "s",
          status: "pending",
          fields: { x: 3 },
          completedAt: null,
        },
      ]);
      const asked = (await world().store.listFields(run.id, ["s.c", "s.b", "none"], null))!.data;
      expect(asked.map((step) => [step.stepId, step.fields])).to.deep.equal([
        ["s.b", {}],
        ["s.c", { x: 3 }],
      ]);
      const named = (await world().store.listFields(run.id, null, "y"))!.data;
      expect(named.map((step) => [step.stepId, step.fields])).to.deep.equal([["s.a", { y: 2 }]]);
      const both = (await world().store.listFields(run.id, ["s.a", "s.c"], "y"))!.data;
      expect(both.map((step) => step.fields)).to.deep.equal([{ y: 2 }, {}]);
      expect((await world().store.listFields(run.id, ["none"], null))!.data).to.deep.equal([]);
    });

    it("of many steps are listed as many as can be held at once, and then those after them", async () => {
      const run = await world().runWith(aStage("s", ["a", "b", "c", "d"]));
      const large = "x".repeat(7_000_000);
      for (const step of ["s.a", "s.b", "s.d"])
        await world().store.mergeFields(run.id, step, { large, small: 1 }, null);
      for (const asked of [null, ["s.d", "s.b", "s.a"]]) {
        const all = (await world().store.listFields(run.id, asked, null))!;
        expect(all.data.map((step) => step.stepId)).to.deep.equal(["s.a", "s.b"]);
        const rest = (await world().store.listFields(run.id, asked, null, all.next!))!;
        expect(rest.data.map((step) => step.stepId)).to.deep.equal(["s.d"]);
        expect(rest.data[0]!.fields).to.deep.equal({ large, small: 1 });
        expect(rest.next).to.equal(null);
        expect((await world().store.listFields(run.id, asked, "small"))!.next).to.equal(null);
      }
      await world().store.mergeFields(run.id, "s.c", { one: large, two: large, three: large }, null);
      expect((await world().store.listFields(run.id, ["s.c"], null))!.data[0]!.fields).to.have.keys(
        "one",
        "two",
        "three",
      );
    });

    it("of an outcome are merged over what was posted", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const task = await world().worker.claimStep();
      await world().store.mergeFields(run.id, "s.a", { x: 1, y: 1 }, task);
      await world().worker.record(success(task, { fields: { y: 2 } }));
      const [step] = (await world().store.listFields(run.id, null, null))!.data;
      expect(step).to.deep.include({ fields: { x: 1, y: 2 }, status: "completed" });
      expect(step!.completedAt).to.be.a("number");
    });

    it("may be posted by one step for another, and by a flow call", async () => {
      const { run, call } = await world().called();
      await world().store.scheduleStage(run.id, aStage("s", ["a", "b"]), call);
      const [a] = await world().worker.claimSteps();
      accepted(await world().store.mergeFields(run.id, "s.b", { x: 1 }, a!));
      accepted(await world().store.mergeFields(run.id, "s.b", { y: 1 }, call));
      const [b] = (await world().store.listFields(run.id, ["s.b"], null))!.data;
      expect(b!.fields).to.deep.equal({ x: 1, y: 1 });
    });

    it("posted by many at once are all kept", async () => {
      const run = await world().runWith(aStage("s", ["a", "b"]));
      const { store, other } = world().subject;
      await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          (n % 2 === 0 ? store : other).mergeFields(
            run.id,
            "s.a",
            { [`k${n}`]: n, [`k${19 - n}x`]: n, same: n },
            null,
          ),
        ),
      );
      const [step] = (await world().store.listFields(run.id, ["s.a"], null))!.data;
      expect(Object.keys(step!.fields)).to.have.length(41);
    });

    it("are refused where the step, the run or the attempt is not there", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const task = await world().worker.claimStep();
      const elsewhere = await world().create();
      expect(codeOf(await world().store.mergeFields(run.id, "none", { x: 1 }, task))).to.equal(
        "STEP_NOT_FOUND",
      );
      expect(codeOf(await world().store.mergeFields(run.id, "flow:1", { x: 1 }, task))).to.equal(
        "STEP_NOT_FOUND",
      );
      expect(codeOf(await world().store.mergeFields(noRun, "s.a", { x: 1 }, null))).to.equal("RUN_NOT_FOUND");
      expect(codeOf(await world().store.mergeFields(elsewhere.id, "s.a", { x: 1 }, task))).to.equal(
        "STEP_NOT_FOUND",
      );
      await world().worker.record(success(task));
      expect(codeOf(await world().store.mergeFields(run.id, "s.a", { x: 1 }, task))).to.equal("ATTEMPT_OVER");
      accepted(await world().store.mergeFields(run.id, "s.a", { x: 1 }, null));
    });
  });
}
