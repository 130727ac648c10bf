import { aFlow, aFolder, forEachDatabase, until } from "@maxq/test-kit";
import { invariants } from "@maxq/db";
import { expect } from "chai";
import { aRun, ask, aServer, maxq } from "./start.js";

describe("maxq verify", () => {
  forEachDatabase((_, database) => {
    it("finds nothing while a server works, and names a row that is wrong", async () => {
      const { root } = aFlow("fine", {
        flow: `[ -n "$MAXQ_COMPLETED_STAGE" ] || echo '{"stage":"s","final":true,"steps":[{"name":"a","instances":20}]}'`,
        steps: { a: "true" },
      });
      const env = database.environment;
      const { server, url } = await aServer(["--data-dir", aFolder("data"), "--flows", root], env);
      const id = await aRun(url, "fine");
      const clean = maxq(["verify"], { env });
      expect((await clean.ended).code, clean.output()).to.equal(0);
      expect(clean.output()).to.contain(`${invariants.length} invariants hold in ${database.title} at `);
      await until("the run is over", async () => {
        const run = (await ask(url, `/runs/${id}?wait=30`)) as { status: string };
        return run.status === "completed";
      });
      await server.stop();

      await database.query(`update stage set total_steps = 7 where run_id = '${id}'`);
      const broken = maxq(["verify"], { env });
      expect((await broken.ended).code).to.equal(1);
      expect(broken.output()).to.match(
        new RegExp(
          `✘ stages_count_their_steps: run ${id}, stage s: expected total_steps 20, .*; found total_steps 7, .*\n +→ Abort`,
        ),
      );
      expect(broken.output()).to.contain(`1 of ${invariants.length} invariants do not hold`);
    });
  });

  it("says so where there is no database yet", async () => {
    const none = maxq(["verify", "-d", aFolder("data")]);
    expect((await none.ended).code).to.equal(1);
    expect(none.output()).to.contain("maxq migrate status says more");
  });
});
