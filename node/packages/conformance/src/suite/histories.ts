import { play } from "../histories/play.js";
import type { World } from "../kit/world.js";

/** Where to begin, and how many: HISTORIES=1000 HISTORIES_FROM=5000 looks further than every test run does. */
const from = Number(process.env.HISTORIES_FROM ?? 1);
const count = Number(process.env.HISTORIES ?? 15);

/** Random sequences of the Store's verbs. */
export function histories(world: () => World): void {
  for (const [title, length, together] of [
    ["of one move after the other", 150, 1],
    ["of moves that meet", 160, 5],
  ] as const) {
    describe(`a history ${title}`, () => {
      for (let seed = from; seed < from + count; seed++) {
        it(`by the seed ${seed} keeps to every rule and comes to its end`, async function () {
          this.timeout(60_000);
          await play(world().subject, { seed, length, together });
        });
      }
    });
  }
}
