import { execFileSync } from "node:child_process";
import { expect } from "chai";
import { shellWord } from "@maxq/core";

describe("a word for the shell", () => {
  it("is read by it as the text that it was made of", () => {
    const texts = [
      "",
      "a b",
      "it's",
      "$HOME",
      "`x`",
      `"`,
      "~",
      "*",
      "a\nb",
      "\\",
      "[::1]",
      "ä",
      "!",
      "#a",
      "-n",
    ];
    const words = texts.map(shellWord).join(" ");
    const read = execFileSync("sh", ["-c", `printf '%s\\0' ${words}`], { encoding: "utf8" });
    expect(read.split("\0").slice(0, -1)).to.deep.equal(texts);
  });

  it("has quotes only where it needs them", () => {
    for (const text of ["hello", "/srv/flows/a_b-1.sh", "http://127.0.0.1:3000", "a=b"])
      expect(shellWord(text)).to.equal(text);
  });
});
