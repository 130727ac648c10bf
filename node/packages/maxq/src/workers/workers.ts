import { valueOf } from "@maxq/client";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { withServer } from "../connect/with-server.js";
import { painter } from "../print/paint.js";
import { table } from "../print/table.js";
import { moment } from "../print/words.js";

/** `maxq workers`: the processes that claim and execute. */
export function workers(invocation: Invocation): Promise<number> {
  return withServer(invocation, async ({ client }) => {
    const { out, err, json, terminal } = invocation;
    const all = valueOf(await client.server.workers()).data;
    if (json) out(JSON.stringify(all));
    else if (all.length === 0) err("There are no workers: nothing is executed. Start one: maxq worker.");
    else {
      const paint = painter(terminal.stdout);
      const colours = { live: "green", draining: "yellow", lost: "red" } as const;
      const heading = ["WORKER", "STATUS", "ROLE", "RUNNING", "PID", "LAUNCHER", "HEARD OF", "VERSION"];
      const rows = all.map((each) => [
        each.id,
        { text: each.status, paint: (text: string) => paint(colours[each.status], text) },
        each.role,
        `${each.running}/${each.slots}`,
        String(each.pid),
        `${each.launcher}, ${each.containment}`,
        moment(each.lastHeartbeatAt),
        each.version,
      ]);
      const dim = (text: string) => ({ text, paint: (plain: string) => paint("dim", plain) });
      table([heading.map(dim), ...rows]).forEach(out);
    }
    return exitCode.success;
  });
}
