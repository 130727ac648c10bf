import { execFileSync } from "node:child_process";
import { mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aFlow, aFolder, aScript } from "@maxq/test-kit";
import { expect } from "chai";
import { findFlows } from "../../src/validate/flow/find-flows.js";
import { validateFlows } from "../../src/validate/validate.js";
import type { Finding } from "../../src/validate/finding.js";
import { maxq } from "../command/start.js";
import { planted } from "./planted-faults.js";

const examples = join(import.meta.dirname, "..", "..", "..", "..", "..", "docs", "examples", "flows");

async function findingsIn(root: string): Promise<readonly Finding[]> {
  const notInstalled = () => Promise.resolve(null);
  return (await validateFlows(findFlows(root), notInstalled)).findings;
}

describe("maxq validate", () => {
  describe("finds, with file, line and cure,", () => {
    const root = realpathSync(aFolder("planted"));
    let findings: readonly Finding[];
    before(async () => {
      for (const [index, { plant }] of planted.entries()) plant(root, `planted-${index}`);
      findings = await findingsIn(root);
    });

    for (const [index, { fault, code, file, line, column = 1, cure }] of planted.entries()) {
      it(`${fault}: ${code}`, () => {
        const found = findings.filter(({ flow }) => flow === `planted-${index}`);
        expect(
          found.map((each) => ({ code: each.code, line: each.line, column: each.column })),
        ).to.deep.equal([{ code, line, column }]);
        expect(found[0]!.file).to.equal(join(root, `planted-${index}`, file));
        expect(found[0]!.cure).to.match(cure);
      });
    }
  });

  it("gives commands that cure as they stand, whatever the path holds", async () => {
    const root = join(realpathSync(aFolder("planted")), "it's a $folder");
    for (const [index, { plant }] of planted.entries()) plant(root, `planted-${index}`);
    const found = await findingsIn(root);
    const commands = found.flatMap(({ flow, code, cure }) => {
      const [, command] = /: (mv .*|mkdir .*)$|^Run (.*)$/.exec(cure)?.filter((part) => part) ?? [];
      return command === undefined ? [] : [{ flow, code, command }];
    });
    expect(new Set(commands.map(({ command }) => command.split(" ")[0]))).to.have.keys(
      ...["chmod", "mkdir", "mv", "sed"],
    );
    for (const { command } of commands) execFileSync("sh", ["-c", command]);
    const left = await findingsIn(root);
    for (const { flow, code, command } of commands)
      expect(
        left.find((each) => each.flow === flow && each.code === code),
        command,
      ).to.equal(undefined);
  });

  it("reads a first line of many blanks once", async function () {
    this.timeout(60_000);
    const root = aFolder("blanks");
    const { directory } = aFlow("blank", { flow: "true" }, root);
    writeFileSync(join(directory, "flow.sh"), `#!${" ".repeat(60_000)}\r!\ntrue\n`);
    const found = await findingsIn(root);
    expect(found.map(({ code, line }) => ({ code, line }))).to.deep.equal([
      { code: "SCRIPT_BAD_INTERPRETER", line: 1 },
    ]);
  });

  it("finds nothing in the example flows", async () => {
    expect(await findingsIn(examples)).to.deep.equal([]);
  });

  it("takes for no stage what a script puts together, and what is another language's", async () => {
    const root = aFolder("fine");
    const scripts: Readonly<Record<string, string>> = {
      pieces: `echo '{"stage": "s", "steps": ['\necho '{"name": "a"}'\necho ']}'`,
      jq: `jq -n '{stage: "s", "steps": [$x]}'\njq -n --arg x 1 '{"stage": $x, "steps": []}'`,
      printf: `printf '{"stage": "s", "steps": [{"name": "%s"}]}\\n' a`,
      variables: `name=a\ncat <<EOF\n{"stage": "s", "steps": [{"name": "$name"}]}\nEOF`,
      python: `python3 - <<'EOF'\nprint(json.dumps(\n{"stage": x, "steps": []}))\nEOF`,
      earlier: `cat <<EOF\n{"stage": "$1", "steps": [{"id": "x", "name": "a"}]}\nEOF\necho '{"stage": "t", "steps": [{"name": "a", "dependsOn": ["x"]}]}'`,
      shift: `echo $((1 << 2))\n(( n = 1 << 3 ))\n# it's <<EOF\necho "\${x:-"a"}" '{"final": true}'`,
      lines: `cat <<'EOF' >> "$MAXQ_OUTPUT"\n{"a": 1}\n{"b": 2}\nEOF`,
    };
    for (const [name, flow] of Object.entries(scripts)) aFlow(name, { flow, steps: { a: "true" } }, root);
    expect(await findingsIn(root)).to.deep.equal([]);
  });

  it("takes for no stage the format of printf, whatever stands before it", async () => {
    const root = aFolder("formats");
    const printf = `printf '{"stage":"s","steps":[%s],"final":true}' '{"name":"a"}'`;
    const scripts: Readonly<Record<string, string>> = {
      then: `if [ "$1" ]; then ${printf}; else ${printf}; fi`,
      loop: `for name in a; do ${printf}; done`,
      function: `f() { ${printf}; }\nf`,
      locale: `LC_ALL=C ${printf}`,
      builtin: `builtin ${printf}`,
      path: `/usr/bin/${printf}`,
      width: `! printf '{"stage":"s","steps":[%02d]}' 7`,
    };
    for (const [name, flow] of Object.entries(scripts)) aFlow(name, { flow, steps: { a: "true" } }, root);
    expect(await findingsIn(root)).to.deep.equal([]);
  });

  it("takes for no stage what is sent to another server or written into a file", async () => {
    const root = aFolder("elsewhere");
    const scripts: Readonly<Record<string, string>> = {
      server: `curl -X POST http://ci.example/deploy -d '{"stage":"production","commit":"abc"}'`,
      after: `curl -d '{"final": "report"}' "https://ci.example/x" > /dev/null`,
      piped: `echo '{"stage":"production"}' | curl -d @- https://ci.example/steps/of || echo '{"final":true}'`,
      artifact: `curl "$MAXQ_API/runs/$MAXQ_RUN_ID/artifacts" -d '{"name": "x", "steps": [{"name": "y"}]}'`,
      file: `cat > other.json <<'EOF'\n{"stage": "beta", "steps": 12}\nEOF`,
      fileAfter: `cat <<'EOF' >>"$log"\n{"stage": "beta", "steps": 12}\nEOF`,
      stderr: `echo '{"stage": "beta"}' >&2`,
      program: `echo '{"stage": "beta"}' | logger`,
      tee: `echo '{"stage": "beta"}' | tee -a log > /dev/null`,
      group: `{ date; echo '{"stage": "beta"}'; } >> log`,
      subshell: `if true; then\n(\necho '{"stage": "beta"}'\n) | sort > log\nfi`,
      groupPiped: `note() {\n  { cat <<'EOF'\n{"stage": "beta"}\nEOF\n  } | sendmail me\n}`,
      variable: `HOOK=https://hooks.example\ncurl "$HOOK/x" -d '{"stage": "beta"}'`,
      default: `export HOOK="\${HOOK:-https://hooks.example}"\necho '{"stage": "beta"}' | curl -d @- "\${HOOK}"`,
    };
    for (const [name, flow] of Object.entries(scripts)) aFlow(name, { flow, steps: { a: "true" } }, root);
    expect(await findingsIn(root)).to.deep.equal([]);
  });

  it("takes for a stage what is sent or written to MaxQ, whatever becomes of what is printed", async () => {
    const root = aFolder("here");
    const scripts: Readonly<Record<string, string>> = {
      answer: `curl "$MAXQ_API/runs/$MAXQ_RUN_ID/steps" -d '{"stage": "s"}' > /dev/null`,
      address: `curl -d '{"stage": "s"}' http://localhost:3000/api/v1/runs/$MAXQ_RUN_ID/steps`,
      output: `cat 2>/dev/null >"$MAXQ_OUTPUT" <<'EOF'\n{"stage": "s"}\nEOF`,
      standard: `echo '{"stage": "s"}' 2> err`,
      copied: `echo '{"stage": "s"}' | tee -a log`,
      group: `{ echo '{"stage": "s"}'; } | tee "$MAXQ_OUTPUT" > /dev/null`,
      after: `{ date; } >> log\n( date ) | logger; echo '{"stage": "s"}'`,
      piped: `api="$MAXQ_API/runs/$MAXQ_RUN_ID"\necho '{"stage": "s"}' | curl -d @- "$api/steps" > /dev/null`,
    };
    for (const [name, flow] of Object.entries(scripts)) aFlow(name, { flow }, root);
    const found = await findingsIn(root);
    expect(found.map(({ flow, code }) => [flow, code])).to.deep.equal(
      Object.keys(scripts)
        .sort()
        .map((name) => [name, "INVALID_STAGE"]),
    );
  });

  it("lets stages share an id where a run may have but one of them, or asks for one again", async () => {
    const root = aFolder("shared");
    const stage = (name: string): string =>
      `echo '{"stage": "${name}", "steps": [{"id": "x", "name": "a"}]}'`;
    const scripts: Readonly<Record<string, string>> = {
      input: `if grep -q big "$MAXQ_INPUT"; then\n${stage("s")}\nelse\n${stage("t")}\nfi`,
      short: `[ "$1" = big ] && ${stage("s")}\n${stage("t")}`,
      failed: `case "$MAXQ_FAILED_STAGE" in\n"") ${stage("s")} ;;\n*) ${stage("t")} ;;\nesac`,
      again: `if [ -z "$MAXQ_COMPLETED_STAGE" ]; then\n${stage("s")}\nelse\n${stage("s")}\nfi`,
      both: `if [ -z "$MAXQ_COMPLETED_STAGE" ] && [ "$1" = big ]; then\n${stage("s")}\nelif [ -z "$MAXQ_COMPLETED_STAGE" ]; then\n${stage("t")}\nfi`,
      pair: `case "$MAXQ_COMPLETED_STAGE:$1" in\n:big) ${stage("s")} ;;\n:*) ${stage("t")} ;;\nesac`,
      exit: `[ -n "$MAXQ_COMPLETED_STAGE" ] || grep -q big "$MAXQ_INPUT" && { ${stage("s")}; exit; }\n[ -z "$MAXQ_COMPLETED_STAGE" ] && ${stage("t")}`,
      called: `big() { ${stage("s")}; }\nsmall() { ${stage("t")}; }\nif [ -z "$MAXQ_COMPLETED_STAGE" ]; then "$1"; fi`,
    };
    for (const [name, flow] of Object.entries(scripts)) aFlow(name, { flow, steps: { a: "true" } }, root);
    expect(await findingsIn(root)).to.deep.equal([]);
  });

  it("finds an id of two stages however a script chooses by MAXQ_COMPLETED_STAGE", async () => {
    const root = aFolder("chosen");
    const stage = (name: string): string =>
      `echo '{"stage": "${name}", "steps": [{"id": "x", "name": "a"}]}'`;
    const scripts: Readonly<Record<string, string>> = {
      case: `case "\${MAXQ_COMPLETED_STAGE:-none}" in\nnone) ${stage("s")} ;;\ns) ${stage("t")} ;;\nesac`,
      if: `if [[ $MAXQ_COMPLETED_STAGE == s ]]; then ${stage("t")}\nelif test -z "\${MAXQ_COMPLETED_STAGE}"; then ${stage("s")}; fi`,
      short: `[ -n "$MAXQ_COMPLETED_STAGE" ] || ${stage("s")}\n[ "$MAXQ_COMPLETED_STAGE" != 's' ] || ${stage("t")}`,
    };
    for (const [name, flow] of Object.entries(scripts)) aFlow(name, { flow, steps: { a: "true" } }, root);
    const found = await findingsIn(root);
    expect(found.map(({ flow, code }) => [flow, code])).to.deep.equal(
      Object.keys(scripts).map((name) => [name, "DUPLICATE_STEP"]),
    );
  });

  it("reads the patterns that a script switches on", async () => {
    const root = aFolder("patterns");
    const flow = `shopt -s extglob\ncase "$1" in +([a-z])) ls !(*.zip) ;; esac`;
    aFlow("extglob", { flow }, root);
    expect(await findingsIn(root)).to.deep.equal([]);
  });

  it("says what is wrong of JSON, with no other place than the script's", async () => {
    const root = aFolder("words");
    aFlow("comma", { flow: `cat <<EOF\n{"stage": "s", "steps": [],}\nEOF` }, root);
    expect((await findingsIn(root)).map(({ message }) => message)).to.deep.equal([
      'This begins like a stage document but is none: expected a key in double quotes here, but found "}".',
    ]);
  });

  it("reads a heredoc inside a substitution, and a name in another stage", async () => {
    const root = aFolder("nested");
    const flow = `curl -d "$(cat <<'EOF'\n{"stage": "s", "steps": [{"name": "a", "dependsOn": ["t.a"]}]}\nEOF\n)" x\necho '{"stage": "t", "steps": [{"name": "c"}]}'`;
    aFlow("nested", { flow, steps: { a: "true" } }, root);
    const found = await findingsIn(root);
    expect(found.map(({ code, line }) => [code, line])).to.deep.equal([["SCRIPT_NOT_FOUND", 6]]);
  });

  it("finds a flow whose name is none, and passes by what is no flow", async () => {
    const root = aFolder("names");
    aFlow("my flow", { flow: "true" }, root);
    mkdirSync(join(root, "notes"));
    writeFileSync(join(root, "README.md"), "");
    expect((await findingsIn(root)).map(({ code }) => code)).to.deep.equal(["INVALID_NAME"]);
  });

  it("tells what shellcheck says, as text and as JSON: 1; 0 where nothing is found, 2 without a flow", async () => {
    const { root } = aFlow("checked", { flow: "cd $HOME" });
    const bin = aFolder("bin");
    const comment = `{"file":"'"$file"'","line":2,"column":4,"level":"warning","code":2086,"message":"Double quote"}`;
    aScript(
      join(bin, "shellcheck"),
      `for file; do :; done\n[ "$2" = --severity=warning ] || exit 3\necho '{"comments":[${comment}]}'\nexit 1`,
    );
    const env = { PATH: `${bin}:${process.env.PATH ?? ""}` };
    const text = maxq(["validate", "--flows", root], { env });
    const json = maxq(["validate", "checked", "--json", "--flows", root], { env });
    const none = maxq(["validate", "chekced", "--flows", root], { env });
    expect((await text.ended).code).to.equal(1);
    expect(text.output()).to.match(
      /checked\/flow\.sh:2:4 SC2086 Double quote\n {4}\| cd \$HOME\n {4}→ https/,
    );
    expect((await json.ended).code).to.equal(1);
    expect(JSON.parse(json.output().split("\n")[0]!)).to.have.nested.property("findings[0].code", "SC2086");
    expect((await none.ended).code).to.equal(2);
    expect(none.output()).to.contain('Did you mean "checked"?');
  });
});
