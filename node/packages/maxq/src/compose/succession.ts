import { ownerMark } from "@maxq/executor";
import { isProcessAlive, ownIdentity, type ProcessIdentity } from "@maxq/scheduler";
import { clearPlace, readPlace, writePlace, type PlaceOwner } from "./place-record.js";
import type { WorkerPlace } from "./worker-place.js";

/** So many ports of predecessors are kept open for their scripts. */
const PORTS = 8;

/** This process in its place: who had it before, and what is noted for who will have it. */
export class Succession {
  readonly identity: ProcessIdentity = ownIdentity();
  /** Of this process; "" where the system cannot tell who it is. */
  readonly mark = ownerMark(this.identity) ?? "";
  /** Processes that had the place and are gone for certain, newest first: nobody has adopted yet what they left. */
  readonly predecessors: readonly PlaceOwner[];
  readonly #directory: string;
  #ports: readonly number[];
  #joined = false;

  /** Notes that this process has the place, and still whom it succeeds: if it dies before it has joined, the next one finds both. */
  constructor({ directory }: WorkerPlace) {
    const { owners, ports } = readPlace(directory);
    this.#directory = directory;
    this.predecessors = owners.filter((owner) => isProcessAlive(owner) === false);
    this.#ports = this.predecessors.length > 0 ? ports : [];
    this.#note([{ ...this.identity, mark: this.mark }, ...this.predecessors]);
  }

  /** The ports at which predecessors' scripts look for MaxQ, newest first. */
  get ports(): readonly number[] {
    return this.#ports;
  }

  /** This process's scripts find MaxQ at this port. */
  serves(port: number): void {
    this.#ports = [port, ...this.#ports.filter((other) => other !== port)].slice(0, PORTS);
    this.#note([{ ...this.identity, mark: this.mark }, ...this.predecessors]);
  }

  /** It is registered, and what predecessors left is its own, under this mark, or gone. */
  joined(mark: string): void {
    this.#joined = true;
    this.#note([{ ...this.identity, mark }]);
  }

  /** It leaves in order, and nothing of it runs. What it has not taken over is left to the next. */
  leave(): void {
    if (this.#joined || this.predecessors.length === 0) clearPlace(this.#directory);
  }

  #note(owners: readonly PlaceOwner[]): void {
    writePlace(this.#directory, { owners, ports: this.#ports });
  }
}
