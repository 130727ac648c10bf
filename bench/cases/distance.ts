import type { BenchCase, Row } from "../case.js";
import { atDistance } from "../database/distant.js";
import { fanOutAndChain } from "../reference/pair.js";

const distance: BenchCase = {
  name: "distance",
  order: "l2",
  title: "A database further away",
  measures: `The fan-out of 1,000 steps and a chain of 100 with a network of 1 ms, and of 5 ms, there and back, between the server and PostgreSQL: a program that hands on every byte later. A hop of a chain waits
for one round trip at least.`,
  databases: ["postgres"],

  async run(context) {
    const rows: Row[] = [];
    for (const ms of context.smoke ? [1] : [1, 5]) {
      const near = await context.createDatabase();
      const { database, roundTripMs, ...proxy } = await atDistance(near, ms);
      context.afterwards(() => proxy.close());
      context.note(`at ${ms} ms, \`select 1\` takes ${roundTripMs.toFixed(2)} ms.`);
      const server = await context.startServer(database);
      rows.push(...(await fanOutAndChain(context, server, `${ms} ms away`)));
      await server.stop();
    }
    return rows;
  },
};

export default distance;
