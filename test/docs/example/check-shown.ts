import { stageDocumentSchema } from "@maxq/core";
import { createDatabase } from "@maxq/test-kit";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { parse } from "yaml";
import { ExampleFault, type Fence } from "../page/fence.js";
import type { Page } from "../page/page.js";

/** Looks at what a page shows, without running it: syntax, schemas, places. Throws an `ExampleFault` for the first that is wrong. */
export async function checkShown({ fences }: Page): Promise<void> {
  for (const [index, fence] of fences.entries()) {
    const { title, "no-run": reason } = fence.attributes;
    if (title !== undefined && !fence.before.includes(title.split("/").at(-1)!))
      throw new ExampleFault(fence, `the text before it does not say that this is ${title}.`);
    if (fence.language === "text" && reason === undefined)
      throw new ExampleFault(fence, `text needs a reason for not being an example: no-run="…".`);
    if (fence.language === "console" && fences[index - 1]?.language !== "bash")
      throw new ExampleFault(fence, "what is printed follows what prints it, an example in bash.");
    const fault = await faultOf(fence);
    if (fault !== null) throw new ExampleFault(fence, fault);
  }
}

/** What is wrong with what a fence holds; null: nothing that can be seen. */
async function faultOf(fence: Fence): Promise<string | null> {
  switch (fence.language) {
    case "bash":
      return shellFault(fence.text);
    case "json":
      return jsonFault(fence);
    case "yaml":
      return caught(() => parse(fence.text));
    case "sql":
      return sqlFault(fence.text);
    case "ini":
      return unitFault(fence);
    // Compared with what comes; drawings.
    case "console":
    case "text":
    case "mermaid":
      return null;
  }
}

function shellFault(text: string): string | null {
  const { status, stderr } = spawnSync("bash", ["-n"], { input: text });
  return status === 0 ? null : `bash cannot read it: ${stderr.toString().trim()}`;
}

function jsonFault({ text, attributes }: Fence): string | null {
  const { schema } = attributes;
  return caught(() => {
    const value: unknown = JSON.parse(text);
    if (schema === "stage") stageDocumentSchema.parse(value);
    else if (schema !== undefined) throw new Error(`there is no schema ${schema}; known is stage.`);
  });
}

/** Every statement is explained by a PostgreSQL with the current schema. */
async function sqlFault(text: string): Promise<string | null> {
  const { url, drop } = await createDatabase();
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of text.split(/;\s*$/m).filter((each) => each.trim() !== ""))
      await client.query(`explain ${statement}`);
    return null;
  } catch (error) {
    return `PostgreSQL says: ${(error as Error).message}`;
  } finally {
    await client.end();
    await drop();
  }
}

/** What systemd says of a unit, where it is there; else whether it is sections with keys. */
function unitFault({ text, attributes }: Fence): string | null {
  const odd = text.split("\n").find((line) => !/^(#.*|\[\w+\]|\w+=.*|)$/.test(line));
  if (odd !== undefined) return `this is neither a section, a key with a value, nor a comment: ${odd}`;
  if (!attributes.title?.endsWith(".service")) return null;
  const folder = mkdtempSync(join(tmpdir(), "maxq-unit-"));
  try {
    const file = join(folder, attributes.title.split("/").at(-1)!);
    // systemd looks for the program, which is not installed here.
    writeFileSync(file, text.replaceAll(/^(ExecStart=)\S+/gm, "$1/bin/sh"));
    const { error, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", file]);
    const said = error === undefined ? stderr.toString().trim() : "";
    return said === "" ? null : `systemd says: ${said}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function caught(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
