import { expect } from "chai";
import {
  artifactNamePattern,
  isFlowName,
  isReservedEnvName,
  isRunId,
  isStageName,
  isStepId,
  isStepName,
} from "@maxq/core";

describe("names", () => {
  it("of flows may have dots inside", () => {
    for (const name of ["hello_world", "data-pipeline", "v1.2", "_x", "0", "a".repeat(128)])
      expect(isFlowName(name)).to.equal(true);
    for (const name of ["", ".", "..", ".git", "-a", "a/b", "a b", "a\n", "a\0", "é", "a".repeat(129)])
      expect(isFlowName(name)).to.equal(false);
  });

  it("of stages and steps have none", () => {
    expect(isStageName("data-fetch")).to.equal(true);
    expect(isStepName("say_hello-2")).to.equal(true);
    expect(isStepName("a.b")).to.equal(false);
    expect(isStageName("a.b")).to.equal(false);
  });

  it("of artifacts stand in a path as they are", () => {
    for (const name of ["data", "chunk-0", "report.json", "2026-01-01T00:00"])
      expect(name).to.match(artifactNamePattern);
    for (const name of ["", ".", "..", "a/b", "a b", "a?", "a#", "a%", "a\n"])
      expect(name).not.to.match(artifactNamePattern);
  });

  it("of variables may be reserved", () => {
    for (const name of ["MAXQ_API", "LD_PRELOAD", "LD_", "BASH_ENV", "ENV"])
      expect(isReservedEnvName(name)).to.equal(true);
    for (const name of ["SHARD", "PATH", "MAXQ", "ENVIRONMENT", "maxq_x"])
      expect(isReservedEnvName(name)).to.equal(false);
  });
});

describe("ids", () => {
  it("of runs are UUIDs in lower case", () => {
    expect(isRunId("0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")).to.equal(true);
    for (const id of [
      "",
      "1",
      "0190A1B2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
      "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b\n",
    ])
      expect(isRunId(id)).to.equal(false);
  });

  it("of steps are given or made, of flow calls numbered", () => {
    for (const id of ["a", "-", "s.x", "s.x.0", "a.12", "flow:1"]) expect(isStepId(id)).to.equal(true);
    for (const id of ["", ".", "a..b", "a.b.c.d", "a b", "flow:", "flow:x", "a\0"])
      expect(isStepId(id)).to.equal(false);
  });
});
