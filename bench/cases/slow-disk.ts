import type { BenchCase } from "../case.js";
import { fanOutAndChain } from "../reference/pair.js";

const slowDisk: BenchCase = {
  name: "slow-disk",
  order: "l",
  title: "Slow disk",
  measures: `The fan-out of 1,000 steps and a chain of 100 on a database whose every flush to the disk takes 5 ms longer (fsync and fdatasync are slowed down by a preloaded library). No outcome counts before
it is flushed, so a hop of a chain waits for one flush at least; a fan-out can go on meanwhile.`,

  async run(context) {
    const database = await context.createDatabase({ slowFsync: true });
    const server = await context.startServer(database);
    return fanOutAndChain(context, server, "fsync + 5 ms", {
      must: { atLeast: 0.9 },
      aim: { atLeast: 1.05 },
    });
  },
};

export default slowDisk;
