import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessIdentity } from "@maxq/scheduler";

/** A process that has, or had, a place. */
export interface PlaceOwner extends ProcessIdentity {
  /** Names what its launchers started; see `ScriptRunner.mark`. */
  readonly mark: string;
}

/** What a place's file says for a successor. */
export interface PlaceRecord {
  /** Newest first. More than one only while the newest takes over from the others. */
  readonly owners: readonly PlaceOwner[];
  /** Ports of loopback at which the scripts find MaxQ, newest first. */
  readonly ports: readonly number[];
}

const FILE = "owner.json";
const nothing: PlaceRecord = { owners: [], ports: [] };

/** No owners if the last one left in order, or the file cannot be read. */
export function readPlace(directory: string): PlaceRecord {
  try {
    const { owners, ports } = JSON.parse(readFileSync(join(directory, FILE), "utf8")) as PlaceRecord;
    return Array.isArray(owners) && owners.every(isOwner) && Array.isArray(ports)
      ? { owners, ports: ports.filter(Number.isInteger) }
      : nothing;
  } catch {
    return nothing;
  }
}

/** All at once: whoever reads it meets the old one or the new one. */
export function writePlace(directory: string, record: PlaceRecord): void {
  const file = join(directory, FILE);
  writeFileSync(`${file}.new`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The owner left in order: nobody has to look for anything. */
export function clearPlace(directory: string): void {
  rmSync(join(directory, FILE), { force: true });
}

function isOwner(owner: unknown): owner is PlaceOwner {
  const { host, bootId, pid, pidStartedAt, mark } = owner as Partial<PlaceOwner>;
  return (
    [host, bootId, pidStartedAt, mark].every((text) => typeof text === "string") && typeof pid === "number"
  );
}
