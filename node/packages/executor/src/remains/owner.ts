import { createHash } from "node:crypto";

/** The process that starts a launcher, as `/proc` identifies it: which boot (and namespace of process ids), which pid, started when. */
export interface OwnerProcess {
  /** Empty where the system cannot tell. */
  readonly bootId: string;
  readonly pid: number;
  /** In clock ticks since boot; empty where the system cannot tell. */
  readonly pidStartedAt: string;
}

/** The name by which all that a process started is found in `/proc` after its death; null where the system cannot tell who it is. */
export function ownerMark({ bootId, pid, pidStartedAt }: OwnerProcess): string | null {
  if (bootId === "" || pidStartedAt === "") return null;
  const boot = createHash("sha256").update(bootId).digest("hex").slice(0, 12);
  return `${boot}-${pid}-${pidStartedAt}`;
}
