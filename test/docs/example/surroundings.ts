/**
 * What the examples of a page find around them. Nothing else stands in for anything; MaxQ is always what was built.
 *
 * - A folder of its own, which is the home directory, with `scripts/` and `docs/` as in a checkout, and `node_modules/maxq` as after `npm i`.
 * - `maxq` is the command that was built. `curl` says what went wrong and ends with 22 where an answer is 400 or more, so that no refusal goes unseen.
 * - Ports, databases and absolute paths that pages name are replaced by free ones, as `Stand-ins` says.
 */
import { aFolder, aFreePort, cleanEnvironment, createDatabase } from "@maxq/test-kit";
import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../page/all-pages.js";

/** Ports that pages name, each after a host or an option. */
const PORT = /(?<=(?:127\.0\.0\.1|localhost):|--port |-p )(3000|3001|5003)\b/g;
/** The database that pages name. */
const DATABASE = /postgresql:\/\/[^\s"'@]+@[\w.]+\/maxq\b/g;
/** Folders outside of the user's home that pages name; here they are in the page's folder. */
const FOLDER = /(?<![\w.}/])\/(?=(?:srv|var\/lib\/maxq|var\/backups|etc)\b)/g;

/** Where the examples of a page run. */
export class Surroundings {
  readonly folder = aFolder("docs");
  readonly #ports = new Map<string, string>();
  #database: { url: string; drop: () => Promise<void> } | null = null;

  private constructor() {}

  /** Makes them for a page that says this. */
  static async for(text: string): Promise<Surroundings> {
    const made = new Surroundings();
    for (const port of new Set(["3000", ...(text.match(PORT) ?? [])]))
      made.#ports.set(port, String(await aFreePort()));
    if (DATABASE.test(text)) made.#database = await createDatabase();
    made.#furnish();
    return made;
  }

  get environment(): Record<string, string> {
    const env = cleanEnvironment({ HOME: this.folder, MAXQ_PORT: this.#ports.get("3000")! });
    return { ...env, PATH: `${join(this.folder, ".bin")}:${env.PATH ?? ""}` };
  }

  /** The URL of the database that stands in for those of the page; null if it names none. */
  get database(): string | null {
    return this.#database?.url ?? null;
  }

  /** What is run for what the page says. */
  fromPage(text: string): string {
    return text
      .replace(PORT, (port) => this.#ports.get(port)!)
      .replace(DATABASE, () => this.#database!.url)
      .replace(FOLDER, () => `${this.folder}/`);
  }

  /** What the page would say for what came. */
  toPage(text: string): string {
    let said = text.replaceAll(`${this.folder}/.files/`, "").replaceAll(this.folder, "/home/you");
    for (const [shown, real] of this.#ports) said = said.replaceAll(new RegExp(`\\b${real}\\b`, "g"), shown);
    return said;
  }

  async remove(): Promise<void> {
    await this.#database?.drop();
  }

  #furnish(): void {
    const command = join(root, "node/packages/maxq/bin/maxq");
    this.#program(".bin/maxq", `exec ${command} "$@"`);
    this.#program(".bin/curl", `PATH=\${PATH#*:}\nexec curl -fsS "$@"`);
    // Pages show what a reader sees who has it.
    const finds = `PATH=\${PATH#*:}\ncommand -v shellcheck > /dev/null && exec shellcheck "$@"`;
    this.#program(".bin/shellcheck", `${finds}\necho '{"comments":[]}'`);
    const scripts = readdirSync(join(root, "scripts")).filter((name) => name.endsWith(".sh"));
    for (const name of scripts) this.#program(`scripts/${name}`, `exec ${join(root, "scripts", name)} "$@"`);
    for (const [path, target] of [
      ["docs", "docs"],
      ["docker", "docker"],
      ["node_modules/maxq", "node/packages/maxq"],
      ["node_modules/.bin/maxq", "node/packages/maxq/bin/maxq"],
    ] as const) {
      mkdirSync(join(this.folder, dirname(path)), { recursive: true });
      symlinkSync(join(root, target), join(this.folder, path));
    }
  }

  #program(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
  }
}
