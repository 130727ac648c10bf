/** Flows that schedule over HTTP by a curl without -f: what was refused, and what curl printed, must not mislead. */
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";

onEachDatabase("flows that schedule over HTTP", {}, (system) => {
  const refusals: [what: string, code: string, steps: unknown][] = [
    ["a bad name", "INVALID_NAME", [{ name: "../../x" }]],
    [
      "a circle",
      "DEPENDENCY_CYCLE",
      [
        { id: "a", name: "it", dependsOn: ["b"] },
        { id: "b", name: "it", dependsOn: ["a"] },
      ],
    ],
    ["an unknown step", "SCRIPT_NOT_FOUND", [{ name: "nowhere" }]],
    ["an unknown dependence", "UNKNOWN_DEPENDENCY", [{ name: "it", dependsOn: ["nobody"] }]],
  ];
  for (const [what, code, steps] of refusals) {
    it(`a refusal of ${what} fails the run with that code, although curl exited 0`, async () => {
      const { api } = system.server;
      const flow = system.flows.posted(`refused-${code}`, { stage: "s", final: true, steps }, { it: ":" });
      const run = await api.runToEnd(flow);
      expect(run.status).to.equal("failed");
      expect(run.error.code, JSON.stringify(run.error)).to.equal(code);
      expect(await api.steps(run.id)).to.deep.equal([]);
      expect((await api.step(run.id, "flow:1")).exitCode).to.equal(0);
    });
  }

  it("a refusal that is followed by something accepted is forgiven", async () => {
    const { api } = system.server;
    const post = (body: string) => `curl -sS -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/steps" -d '${body}'`;
    const flow = system.flows.add(
      "second-try",
      `[ -n "$MAXQ_COMPLETED_STAGE" ] || { ${post('{"stage": "s", "steps": [{"name": "nowhere"}]}')}; ${post('{"stage": "s", "steps": [{"name": "it"}]}')}; }`,
      { it: ":" },
    );
    const run = await api.runToEnd(flow);
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
  });

  it("a step's failure is the run's reason, not what curl printed", async () => {
    const { api } = system.server;
    const document = { stage: "s", final: true, steps: [{ id: "it", name: "it" }] };
    const flow = system.flows.posted("step-fails", document, { it: "echo no luck >&2; exit 7" });
    const run = await api.runToEnd(flow);
    expect(run.status).to.equal("failed");
    expect(run.error.code, JSON.stringify(run.error)).to.equal("STEP_FAILED");
    expect(await api.step(run.id, "it")).to.include({ status: "failed", exitCode: 7, stderr: "no luck\n" });
  });

  it("a stage that is asked for again with the same body adds nothing; with another it is a conflict", async () => {
    const { api } = system.server;
    const document = { stage: "s", final: true, steps: [{ id: "it", name: "it" }] };
    const run = await api.runToEnd(system.flows.posted("again", document, { it: ":" }));
    const same = await api.post(`/runs/${run.id}/steps`, document);
    expect(same.status, JSON.stringify(same.body)).to.equal(200);
    expect(same.body).to.include({ stage: "s", scheduled: 0 });
    expect(same.body.steps).to.deep.equal([{ id: "it", name: "it", status: "completed" }]);
    const other = await api.post(`/runs/${run.id}/steps`, { ...document, steps: [] });
    expect([other.status, other.body.code]).to.deep.equal([409, "STAGE_CONFLICT"]);
    const next = await api.post(`/runs/${run.id}/steps`, { ...document, stage: "t" });
    expect([next.status, next.body.code]).to.deep.equal([409, "RUN_OVER"]);
  });
});
