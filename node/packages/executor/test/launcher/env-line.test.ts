import { mkdirSync, openSync, closeSync, rmSync, writeFileSync, chmodSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import type { ScriptEnd } from "@maxq/core";
import { onBothLaunchers, Workshop } from "../workshop.js";

/**
 * What bash itself was given, byte for byte, less the number of the start in the environment. Signals come first and
 * without a child: bash blocks some while it makes one.
 */
const tellAll = [
  'while read -r line; do [[ $line != Sig[BIC]* ]] || echo "$line"; done </proc/$$/status',
  "sed -z 's/^\\(MAXQ_MARK=.*\\.\\).*/\\1N/' /proc/$$/environ | base64 -w0; echo",
  "for part in cmdline comm; do base64 -w0 /proc/$$/$part; echo; done",
  'for fd in /proc/$$/fd/*; do echo "${fd##*/} $(readlink "$fd" | tr -d 0-9)"; done',
  'readlink /proc/$$/exe; pwd -P; echo "$0 $# $PPID"; ulimit -a',
].join("\n");

onBothLaunchers("a script that begins with #!/usr/bin/env NAME", (workshop) => {
  const run = (firstLine: string, body = "echo ran; exit 3\n", env: Record<string, string> = {}) => {
    workshop().script("a", `${firstLine}${body}`);
    return workshop().start("a", { env }).ended;
  };
  /** A directory for PATH with one program, or something in its place. */
  const aDirectory = (name: string, program: string, mode = 0o755): string => {
    const directory = workshop().file(`${workshop().flowName}-${name}`);
    mkdirSync(directory);
    writeFileSync(join(directory, "reader"), program);
    chmodSync(join(directory, "reader"), mode);
    return directory;
  };
  const usual = process.env["PATH"]!;

  for (const firstLine of ["#!/usr/bin/env bash\n", "#! \t/usr/bin/env \t bash \t\n"])
    it(`runs with NAME and ends as itself: ${JSON.stringify(firstLine)}`, async () => {
      expectRan(await run(firstLine));
    });

  it("finds NAME in the step's own PATH, a script too, which sees what it would through env", async () => {
    const tools = aDirectory("tools", `#!/bin/bash\necho "reader of $# $1"\n${tellAll}\n`);
    const start = { env: { PATH: `${tools}:${usual}`, EMPTY: "", ODD: "a=b\n\u00e9" }, attemptKey: "same.1" };
    const path = workshop().script("a", "#!/usr/bin/env reader\n");
    const direct = await workshop().start("a", start).ended;
    workshop().script("a", "#!/usr/bin/env -S reader\n");
    const through = await workshop().start("a", start).ended;
    expect(direct.stdout.text).to.contain(`reader of 1 ${path}\n`).and.to.equal(through.stdout.text);
  });

  it("shows bash the same environment, command line, name, descriptors, directory and limits as through env", async () => {
    const start = { env: { EMPTY: "", ODD: "a=b\n\u00e9" }, attemptKey: "same.1" };
    workshop().script("a", `#!/usr/bin/env bash\n${tellAll}\n`);
    const direct = await workshop().start("a", start).ended;
    workshop().script("a", `#!/usr/bin/env -S bash\n${tellAll}\n`);
    const through = await workshop().start("a", start).ended;
    expect(direct.stderr.text + direct.stdout.text).to.equal(through.stdout.text);
    expect(direct.stdout.text.split("\n")).to.include(Buffer.from("bash\n").toString("base64"));
  });

  it("passes over what cannot be executed on the way along PATH", async () => {
    const path = [
      workshop().file("no-such-directory"),
      workshop().script("file", "exit 9"),
      aDirectory("plain", "#!/bin/bash\nexit 9\n", 0o644),
      aDirectory("lost", "#!/no/such/interpreter\nexit 9\n"),
      workshop().root, // in which it is a directory
      aDirectory("right", '#!/bin/bash\nexec /bin/bash "$@"\n'),
      aDirectory("late", "#!/bin/bash\nexit 9\n"),
    ];
    mkdirSync(workshop().file("reader"));
    expectRan(await run("#!/usr/bin/env reader\n", undefined, { PATH: path.join(":") }));
  });

  it("takes an empty part of PATH for the step's directory, and gives a program without #! to sh", async () => {
    const path = workshop().script("a", "#!/usr/bin/env reader\n");
    writeFileSync(join(dirname(path), "reader"), 'echo "sh for $0 of ${1##*/}"\n', { mode: 0o755 });
    for (const PATH of ["", ":/nowhere", "/nowhere:", "/nowhere::/nowhere"]) {
      const { stdout } = await workshop().start("a", { env: { PATH } }).ended;
      expect(stdout.text, PATH).to.equal("sh for reader of step.sh\n");
    }
  });

  it("ends with 127 and env's words if nothing has that name", async () => {
    for (const name of ["no-such-reader", "bash\r", "bash -u", "/no/such/bash"])
      expectRefused(await run(`#!/usr/bin/env ${name}\n`), 127, name.replace("\r", "\\r"));
  });

  it("ends with 126 and env's words if what has that name may not be executed", async () => {
    const PATH = aDirectory("plain", "#!/bin/bash\nexit 9\n", 0o644);
    expectRefused(await run("#!/usr/bin/env reader\n", "", { PATH }), 126, "reader");
  });

  it("may give env options and variables, and ends with 125 and env's words if they are wrong", async () => {
    expectRan(await run("#!/usr/bin/env -S bash -u\n"));
    expectRan(await run("#!/usr/bin/env -S TOLD=ran bash\n", 'echo "$TOLD"; exit 3\n'));
    expect((await run("#!/usr/bin/env -i bash\n")).end).to.deep.equal({ reason: "exited", exitCode: 125 });
  });

  it("may end with its first line, without a line end", async () => {
    expect((await run("#!/usr/bin/env bash", "")).end).to.deep.equal({ reason: "exited", exitCode: 0 });
    expectRefused(await run("#!/usr/bin/env no-such-reader", ""), 127, "no-such-reader");
  });

  it("is not started once it is not executable, is a directory, or is open for writing", async () => {
    expectRan(await run("#!/usr/bin/env bash\n"));
    const path = workshop().script("a", "#!/usr/bin/env bash\n");
    const end = async (name = "a") => (await workshop().start(name).ended).end as { code?: string };
    workshop().script("plain", "exit 0");
    const files = [path, workshop().script("plain", "#!/bin/bash\n")].map((name) => openSync(name, "a"));
    const [open, plain] = [await end(), await end("plain")];
    for (const file of files) closeSync(file);
    expect(open.code).to.equal(plain.code);
    chmodSync(path, 0o644);
    expect((await end()).code).to.equal("SCRIPT_NOT_EXECUTABLE");
    rmSync(path);
    mkdirSync(path);
    expect((await end()).code).to.be.oneOf(["SCRIPT_NOT_FOUND", "SCRIPT_NOT_EXECUTABLE"]);
  });

  it("is not started with more environment than the kernel takes", async () => {
    const { end } = await run("#!/usr/bin/env bash\n", "", { LARGE: "x".repeat(200_000) });
    expect(end).to.include({ reason: "not_started", code: "SCRIPT_NOT_STARTED" });
    expect((end as { message: string }).message).to.match(/E2BIG/);
  });
});

describe("the native launcher, for a script that begins with #!/usr/bin/env NAME,", () => {
  /** The dynamic loader complains once for each program that is loaded. */
  const LD_PRELOAD = "/no/such/library.so";
  const programs = async (workshop: Workshop, firstLine: string): Promise<number> => {
    workshop.script("a", `${firstLine}:\n`);
    const { end, stderr } = await workshop.start("a").ended;
    expect(end, stderr.text).to.deep.equal({ reason: "exited", exitCode: 0 });
    return stderr.text.match(/no\/such\/library\.so/g)!.length;
  };

  it("starts NAME without env in between, and env where the line says more", async () => {
    const workshop = await Workshop.open("native", { baseEnv: { PATH: process.env["PATH"], LD_PRELOAD } });
    try {
      expect(await programs(workshop, "#!/bin/bash\n")).to.equal(1);
      for (const line of ["#!/usr/bin/env bash\n", "#! \t/usr/bin/env \t bash \t\n"])
        expect(await programs(workshop, line), line).to.equal(1);
      for (const line of [
        "#!/usr/bin/env -S bash\n",
        "#!/usr/bin/env /bin/bash\n",
        `#!/usr/bin/env bash${" ".repeat(120)}\n`,
      ])
        expect(await programs(workshop, line), line).to.equal(2);
    } finally {
      await workshop.close();
    }
  });

  it("leaves it to env where to look without a PATH", async () => {
    const workshop = await Workshop.open("native", { baseEnv: { LD_PRELOAD } });
    try {
      expect(await programs(workshop, "#!/usr/bin/env bash\n")).to.equal(2);
    } finally {
      await workshop.close();
    }
  });
});

function expectRan({ end, stdout, stderr }: ScriptEnd): void {
  expect(end, stderr.text).to.deep.equal({ reason: "exited", exitCode: 3 });
  expect(stdout.text).to.equal("ran\n");
}

function expectRefused({ end, stdout, stderr }: ScriptEnd, exitCode: number, name: string): void {
  expect(end, stderr.text).to.deep.equal({ reason: "exited", exitCode });
  expect(stderr.text)
    .to.match(/^\S*env: /)
    .and.to.contain(name);
  expect(stdout.text).to.equal("");
}
