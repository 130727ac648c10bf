/** The server is killed with SIGKILL while scripts run, and the next one goes on with them. */
import { nothingIsLeftOf } from "@maxq/test-kit";
import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onEachDatabase } from "../system/databases.js";
import { isAlive, pidIn } from "../system/processes.js";

/** Says who it is, waits until it is let go, then does `then`. */
const waits = (then: string) => `echo "$MAXQ_STEP_ID" >> "$TEST_SIGNALS/began-$MAXQ_RUN_ID"
  echo $$ > "$TEST_SIGNALS/$MAXQ_STEP_ID.pid"
  until [ -e "$TEST_SIGNALS/go-$MAXQ_RUN_ID" ]; do sleep 0.05; done
  ${then}`;

onEachDatabase("adoption after kill -9 of the server", {}, (system) => {
  const sign = (name: string) => join(system.server.signals, name);

  it("no step restarts; outputs, fields and exit codes are right to the byte", async () => {
    const ends = `printf 'out %s\\n\\377end' "$MAXQ_STEP_ID"; printf 'err %s' "$MAXQ_SEQUENCE" >&2
      echo "said=$MAXQ_STEP_ID" >> "$MAXQ_OUTPUT"
      curl -fsS -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/steps/$MAXQ_STEP_ID/fields" -d '{"fields":{"posted":true}}' >/dev/null
      exit $MAXQ_SEQUENCE`;
    const steps = [{ name: "w", instances: 10, allowFailure: true }];
    const flow = system.flows.stage("ten", { stage: "s", steps, final: true }, { w: waits(ends) });
    const first = system.server;
    const runId = await first.api.trigger(flow);
    const pids = await Promise.all(ids.map((id) => pidIn(sign(`${id}.pid`))));
    await first.crash();
    expect(pids.filter(isAlive)).to.have.length(10);
    await system.restart();
    writeFileSync(sign(`go-${runId}`), "");
    const { api } = system.server;
    expect((await api.ended(runId)).status).to.equal("completed");
    for (const [sequence, id] of ids.entries()) {
      const step = await api.step(runId, id);
      expect(step).to.include({
        attempt: 1,
        exitCode: sequence,
        stdout: `out ${id}\n\ufffdend`,
        stderr: `err ${sequence}`,
      });
      expect(step.stdoutBytes).to.equal(9 + id.length);
      const { body } = await api.get(`/runs/${runId}/fields?stepId=${id}`);
      expect(body.fields[0].fields).to.deep.equal(
        sequence === 0 ? { said: id, posted: true } : { posted: true },
      );
    }
    await nothingIsLeftOf(first.mark);
  });
});

const ids = Array.from({ length: 10 }, (_, n) => `s.w.${n}`);
