import { expect } from "chai";
import { sharedEnvironment } from "../src/environment.js";

const rules = { baseEnv: {}, hideEnv: [], hidePgEnv: false };

describe("the environment that scripts share", () => {
  it("is the server's", () => {
    const shared = sharedEnvironment({
      ...rules,
      baseEnv: { HOME: "/h", SHELL: "/s", A: "1", UNSET: undefined },
    });
    expect(shared.sort()).to.deep.equal(["A=1", "HOME=/h", "SHELL=/s"]);
  });

  it("has HOME and SHELL in any case", () => {
    expect(sharedEnvironment(rules).map((entry) => entry.split("=")[0])).to.have.members(["HOME", "SHELL"]);
  });

  it("has nothing that configures MaxQ or that is to be hidden", () => {
    const baseEnv = { MAXQ_API_KEY: "k", PGHOST: "h", SECRET: "s", PWD: "/x", OLDPWD: "/y", PAGER: "less" };
    const names = (hidePgEnv: boolean): (string | undefined)[] =>
      sharedEnvironment({ baseEnv, hideEnv: ["SECRET"], hidePgEnv }).map((entry) => entry.split("=")[0]);
    expect(names(true)).to.have.members(["HOME", "SHELL", "PAGER"]);
    expect(names(false)).to.have.members(["HOME", "SHELL", "PAGER", "PGHOST"]);
  });
});
