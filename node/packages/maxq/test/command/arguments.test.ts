import { expect } from "chai";
import { inside } from "./inside.js";

/** A server that would not answer: what is refused before anything is asked ends with 2, not with 5. */
const environment = { MAXQ_URL: "http://127.0.0.1:9" };
const id = "11111111-1111-4111-8111-111111111111";

async function expectRefused(args: readonly string[], message: string): Promise<void> {
  const { code, out, err } = await inside(args, environment);
  const line = args.join(" ");
  expect(err, line).to.contain(message);
  expect({ code, out }, line).to.deep.equal({ code: 2, out: "" });
}

describe("the arguments of a command", () => {
  it("are refused when there is one too many, which is named, and nothing is done", async () => {
    for (const args of [
      ["abort", id],
      ["run", "hello"],
      ["runs"],
      ["show", id, "step"],
      ["flows", "a"],
      ["workers"],
      ["prune", "--keep", "1"],
      ["init", "n1"],
      ["validate", "a"],
      ["migrate", "status"],
      ["verify"],
      ["key"],
      ["doctor"],
      ["worker"],
      ["serve"],
    ])
      await expectRefused([...args, `{"who":"x"}`], `${args[0]} has no use for '{"who":"x"}'`);
    await expectRefused(["abort", id, "b", "c"], `maxq abort [options] <run>`);
  });

  it("are refused when an option is for a step and none is named", async () => {
    await expectRefused(["retry", id, "--cascade"], "--cascade is for a step");
    await expectRefused(["logs", id, "--attempt", "3"], "--attempt is for a step");
  });

  it("are refused when output of a run on a server is asked for that nobody watches", async () => {
    await expectRefused(
      ["run", "hello", "--show-output"],
      "--show-output prints when the run is over: add --watch",
    );
  });

  it("are refused when they say how to run here, and a server is named; variables are not", async () => {
    const here = "for a run in this process, but a server is named (--server or MAXQ_URL)";
    for (const [flag, value] of [
      ["--flows", "flows"],
      ["--data-dir", "data"],
      ["--max-concurrent-steps", "3"],
      ["--max-log-capture", "1000"],
      ["--abort-grace-ms", "10"],
      ["--log-level", "debug"],
    ] as const)
      await expectRefused(["run", "hello", flag, value], `maxq: ${flag} is ${here}`);
    const both = ["run", "hello", "-d", "data", "-f", "flows"];
    await expectRefused(both, `maxq: --flows, --data-dir are ${here}`);
    const variables = { ...environment, MAXQ_FLOWS_ROOT: "flows", MAXQ_DATA_DIR: "data" };
    expect((await inside(["run", "hello"], variables)).code).to.equal(5);
  });

  it("are refused when an id or a name is empty, or a dot, which would lead elsewhere", async () => {
    for (const command of ["show", "logs", "export", "abort", "pause", "resume", "retry"]) {
      await expectRefused([command, ""], "maxq: The id of the run is empty.");
      await expectRefused([command, ".."], `maxq: ".." is the id of no run.`);
    }
    for (const command of ["show", "logs", "retry"]) {
      await expectRefused([command, id, ""], "maxq: The id of the step is empty.");
      await expectRefused([command, id, ".."], `maxq: ".." is the id of no step.`);
    }
    for (const command of ["flows", "run", "validate"])
      await expectRefused([command, ""], "maxq: The name of the flow is empty.");
  });
});
