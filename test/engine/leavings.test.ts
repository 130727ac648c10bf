/** What scripts leave in the folders that MaxQ makes for them. */
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";

/** A tree that `rm -r` does not remove, at the path of this variable. */
const readOnlyTree = (path: string) =>
  `mkdir -p "${path}/mod/x"; touch "${path}/mod/x/file"; chmod -R a-w "${path}"`;

const leavings: readonly (readonly [what: string, script: string])[] = [
  ["a read-only tree at $MAXQ_OUTPUT", readOnlyTree("$MAXQ_OUTPUT")],
  ["a read-only tree beside $MAXQ_OUTPUT", readOnlyTree("$MAXQ_OUTPUT.d")],
  ["a closed folder at $MAXQ_OUTPUT", 'mkdir -p "$MAXQ_OUTPUT/a/b"; chmod 000 "$MAXQ_OUTPUT"'],
  ["a closed folder at $MAXQ_INPUT", 'rm "$MAXQ_INPUT"; mkdir -p "$MAXQ_INPUT/a/b"; chmod 000 "$MAXQ_INPUT"'],
];

onEachDatabase("scripts that leave what is not removed at once", { withoutPrivileges: true }, (system) => {
  let closed = 0;

  for (const [index, [what, script]] of leavings.entries())
    it(`keep no engine from stopping in order and starting again: ${what}`, async () => {
      const steps = [{ name: "leave" }, { name: "read", dependsOn: ["leave"] }];
      const flow = system.flows.stage(
        `leaves-${index}`,
        { stage: "s", steps, final: true },
        { leave: script, read: 'cp "$MAXQ_INPUT" "$MAXQ_OUTPUT"' },
      );
      for (let time = 0; time < 2; time++) {
        expect((await system.server.api.runToEnd(flow)).status).to.equal("completed");
        expect(await system.stop()).to.equal(0);
        await system.restart();
      }
    });

  for (const folder of [
    '$(dirname "$MAXQ_INPUT")',
    '$(dirname "$MAXQ_OUTPUT")',
    '$(dirname "$MAXQ_INPUT")/..',
  ])
    for (const mode of ["500", "000"])
      it(`keep no other from running, nor an engine from starting: chmod ${mode} "${folder}"`, async () => {
        const steps = [{ name: "close" }, { name: "read", dependsOn: ["close"] }];
        const flow = system.flows.stage(
          `closes-${(closed += 1)}`,
          { stage: "s", steps, final: true },
          { close: `chmod ${mode} "${folder}"`, read: 'cp "$MAXQ_INPUT" "$MAXQ_OUTPUT"' },
        );
        for (let time = 0; time < 2; time++)
          expect((await system.server.api.runToEnd(flow)).status).to.equal("completed");
        expect(await system.stop()).to.equal(0);
        await system.restart();
        await system.server.api.runToEnd(flow);
        await system.server.crash();
        await system.restart();
        expect((await system.server.api.runToEnd(flow)).status).to.equal("completed");
      });
});
