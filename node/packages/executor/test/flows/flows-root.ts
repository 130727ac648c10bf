import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A flows root of its own for each test, removed after it. */
export class FlowsRoot {
  readonly base = realpathSync(mkdtempSync(join(tmpdir(), "maxq-executor-")));
  readonly path = join(this.base, "flows");

  constructor() {
    mkdirSync(this.path);
  }

  /** Writes a script, executable unless told otherwise. */
  script(name: string, text = "#!/bin/bash\n", mode = 0o755): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    writeFileSync(join(this.path, name), text);
    chmodSync(join(this.path, name), mode);
  }

  directory(name: string): void {
    mkdirSync(join(this.path, name), { recursive: true });
  }

  link(name: string, target: string): void {
    mkdirSync(dirname(join(this.path, name)), { recursive: true });
    symlinkSync(target, join(this.path, name));
  }

  remove(): void {
    rmSync(this.base, { recursive: true });
  }
}
