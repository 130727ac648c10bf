import { expect } from "chai";
import { aStage } from "../kit/a-stage.js";
import { success } from "../kit/outcomes.js";
import { first, readAll } from "../kit/pages.js";
import { accepted, codeOf, type World } from "../kit/world.js";

const noRun = "00000000-0000-4000-8000-000000000000";

export function artifacts(world: () => World): void {
  describe("artifacts", () => {
    it("are kept exactly", async () => {
      const run = await world().create();
      for (const data of [0, false, "", null, [], { z: 1, a: "\u0000ü" }]) {
        accepted(await world().store.putArtifact(run.id, "a", data, null));
        expect((await world().store.getArtifact(run.id, "a"))!.data).to.deep.equal(data);
      }
    });

    it("are replaced, and their versions counted", async () => {
      const run = await world().create();
      const one = accepted(await world().store.putArtifact(run.id, "a", { x: "ü" }, null));
      expect(one.reason).to.equal("created");
      expect(one.artifact).to.deep.include({
        name: "a",
        runId: run.id,
        data: { x: "ü" },
        version: 1,
        bytes: 10,
      });
      await world().subject.turnClock(1_000);
      const two = accepted(await world().store.putArtifact(run.id, "a", 1, null));
      expect(two.reason).to.equal("replaced");
      expect(two.artifact).to.deep.include({
        data: 1,
        version: 2,
        bytes: 1,
        createdAt: one.artifact.createdAt,
      });
      expect(two.artifact.updatedAt).to.be.above(one.artifact.updatedAt);
      expect(await world().store.getArtifact(run.id, "a")).to.deep.equal(two.artifact);
    });

    it("of one name put by many at once count every version", async () => {
      const run = await world().create();
      const { store, other } = world().subject;
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, n) => (n % 2 ? store : other).putArtifact(run.id, "a", n, null)),
      );
      expect(
        answers.map((answer) => accepted(answer).artifact.version).toSorted((a, b) => a - b),
      ).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    });

    it("are listed by name, without their data", async () => {
      const run = await world().create();
      for (const name of ["b", "a-1", "B", "a", "_x"])
        await world().store.putArtifact(run.id, name, { name }, null);
      const all = await readAll((page) => world().store.listArtifacts(run.id, page), 2);
      expect(all.map((artifact) => artifact.name)).to.deep.equal(["B", "_x", "a", "a-1", "b"]);
      expect(all[0]).to.have.all.keys("name", "runId", "version", "bytes", "createdAt", "updatedAt");
      expect(await world().store.listArtifacts(run.id, first(2, 1))).to.deep.include({
        total: 5,
        totalIsEstimate: false,
      });
    });

    it("that are deleted are gone; the next of that name is version 1", async () => {
      const run = await world().create();
      await world().store.putArtifact(run.id, "a", 1, null);
      await world().store.putArtifact(run.id, "a", 2, null);
      expect(accepted(await world().store.deleteArtifact(run.id, "a", null))).to.deep.equal({
        reason: "deleted",
      });
      expect(await world().store.getArtifact(run.id, "a")).to.equal(null);
      expect(codeOf(await world().store.deleteArtifact(run.id, "a", null))).to.equal("ARTIFACT_NOT_FOUND");
      expect(accepted(await world().store.putArtifact(run.id, "a", 3, null)).artifact.version).to.equal(1);
    });

    it("are refused where the run or the attempt is not there", async () => {
      const run = await world().runWith(aStage("s", ["a"]));
      const task = await world().worker.claimStep();
      const elsewhere = await world().create();
      expect(codeOf(await world().store.putArtifact(noRun, "a", 1, null))).to.equal("RUN_NOT_FOUND");
      expect(codeOf(await world().store.deleteArtifact(noRun, "a", null))).to.equal("RUN_NOT_FOUND");
      expect(codeOf(await world().store.putArtifact(elsewhere.id, "a", 1, task))).to.equal("ATTEMPT_OVER");
      accepted(await world().store.putArtifact(run.id, "a", 1, task));
      await world().worker.record(success(task));
      expect(codeOf(await world().store.putArtifact(run.id, "a", 2, task))).to.equal("ATTEMPT_OVER");
      expect(codeOf(await world().store.deleteArtifact(run.id, "a", task))).to.equal("ATTEMPT_OVER");
      expect((await world().store.getArtifact(run.id, "a"))!.data).to.equal(1);
    });
  });
}
