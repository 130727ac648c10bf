import type { Client, RunWithStages } from "@maxq/client";
import type { Step } from "@maxq/core";
import { expect } from "chai";
import { lastOutput } from "../../src/watch/report.js";
import { aStage, aStep } from "./a-run.js";

/** A server with one stage of these steps, each of which printed its id. */
function aClient(steps: readonly Step[]): Client {
  const list = (_run: string, { limit, cursor }: { limit: number; cursor?: string }) => {
    const from = Number(cursor ?? 0);
    const nextCursor = from + limit < steps.length ? String(from + limit) : null;
    return Promise.resolve({
      reason: "ok",
      value: { data: steps.slice(from, from + limit), pagination: { nextCursor } },
    });
  };
  const get = (_run: string, id: string) =>
    Promise.resolve({ reason: "ok", value: { id, stdout: `by ${id}\n` } });
  return { steps: { list, get } } as unknown as Client;
}

function ofStage(steps: readonly Step[]): Promise<string> {
  const run = { id: "r", stages: [aStage("s", steps.length)] } as unknown as RunWithStages;
  return lastOutput(aClient(steps), run);
}

function step(id: string, name: string, dependsOn: readonly string[] = []): Step {
  return { ...aStep(id, name), dependsOn, superseded: false };
}

describe("the output of a run's last steps", () => {
  const instances = (id: string, count: number): Step[] =>
    Array.from({ length: count }, (_, n) => step(`${id}.${n}`, "a"));

  it("is that of the one step that waits for a thousand others", async () => {
    expect(await ofStage([...instances("s.a", 1_000), step("s.b", "b", ["a"])])).to.equal("by s.b\n");
  });

  it("is not that of instances that are waited for by the id of all of them", async () => {
    expect(await ofStage([...instances("x", 3), step("s.b", "b", ["x"])])).to.equal("by s.b\n");
  });

  it("is not that of steps that a retry made history, which have the ids of others", async () => {
    const before = { ...step("s.a", "a"), superseded: true };
    expect(await ofStage([before, step("s.a", "a")])).to.equal("by s.a\n");
  });

  it("is that of the last of very many", async () => {
    const printed = (await ofStage(instances("s.a", 300))).split("\n");
    expect(printed.at(-2)).to.equal("by s.a.299");
    expect(printed).not.to.include("by s.a.99");
  });
});
