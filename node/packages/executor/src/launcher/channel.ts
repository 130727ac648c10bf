import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { connect, type Socket } from "node:net";
import type { LauncherCommand } from "./locate.js";
import { LAUNCHER_VARIABLE, OUTLIVES_VARIABLE } from "./frames.js";
import type { LauncherSurroundings } from "./launched.js";
import { killProcess, processOf } from "./processes.js";

/** The name of a launcher's socket in its engine's place. */
export const SOCKET = "launcher.sock";

/** Who is told what comes from a launcher. */
export interface ChannelListener {
  readonly data: (chunk: Buffer) => void;
  /** What it printed to stderr. */
  readonly said: (text: string) => void;
  /** It is gone, and everything that it wrote was told before; `how` it ended, for people. Called once. */
  readonly gone: (how: string) => void;
}

/** The way to one launcher process and back. */
export interface LauncherChannel {
  readonly kind: "native" | "node";
  /** The launcher's process; null: it did not start, or has not greeted yet. */
  readonly pid: number | null;
  /** Begins to tell; called once, before anything is written. */
  listen(listener: ChannelListener): void;
  write(frames: Buffer): void;
  /** Nothing more is written. */
  end(): void;
  /** SIGKILL to the launcher. */
  kill(): void;
}

/** Starts a launcher. Nothing is in its environment but how it is found when its engine has died. */
export function spawnLauncher(
  command: LauncherCommand,
  { owner, place }: Pick<LauncherSurroundings, "owner" | "place">,
): LauncherChannel {
  // A session of its own, so that Ctrl-C in a terminal reaches the engine alone; no environment of ours, hence no secrets.
  const child = spawn(command.file, command.args, {
    env: {
      ...(owner === null ? {} : { [LAUNCHER_VARIABLE]: owner }),
      ...(place === null || command.kind === "node" ? {} : { [OUTLIVES_VARIABLE]: "1" }),
    },
    cwd: "/",
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  return {
    kind: command.kind,
    pid: child.pid ?? null,
    listen: ({ data, said, gone }) => {
      child.stdout.on("data", data);
      child.stderr.on("data", (chunk: Buffer) => said(chunk.toString("utf8").trimEnd()));
      child.stdin.on("error", () => {}); // EPIPE: its exit follows and says more
      let failure: string | null = null;
      child.on("error", (error) => (failure = error.message));
      // `close` and not `exit`: every report that it still wrote is read first.
      child.on("close", (code, signal) => gone(failure ?? signal ?? `exit ${String(code)}`));
    },
    write: (frames) => void child.stdin.write(frames),
    end: () => child.stdin.end(),
    kill: () => void child.kill("SIGKILL"),
  };
}

/** Connects to the launcher that a dead engine left in this place; null if nobody answers. */
export async function connectLauncher(place: string): Promise<LauncherChannel | null> {
  const socket = await connectIn(place);
  return socket === null ? null : channelOf(socket);
}

/** Through the opened directory, because a socket's path must be shorter than a directory's may be. */
function connectIn(place: string): Promise<Socket | null> {
  let directory: number;
  try {
    directory = openSync(place, "r");
  } catch {
    return Promise.resolve(null);
  }
  return new Promise((resolve) => {
    const socket = connect({ path: `/proc/self/fd/${directory}/${SOCKET}` });
    const settle = (result: Socket | null) => {
      closeSync(directory);
      socket.removeAllListeners();
      resolve(result);
    };
    socket.once("connect", () => settle(socket));
    socket.once("error", () => settle(null));
  });
}

/** The launcher's process id is known from its greeting: it is the peer that has to be killed if it hangs. */
function channelOf(socket: Socket): LauncherChannel {
  let peer: { readonly pid: number; readonly startTicks: number } | null = null;
  return {
    kind: "native",
    get pid() {
      return peer?.pid ?? null;
    },
    listen: ({ data, gone }) => {
      let failure: string | null = null;
      socket.on("data", (chunk: Buffer) => {
        // READY comes first, and in one piece: length, type, version, pid.
        if (peer === null && chunk.length >= 13) peer = processOf(chunk.readUInt32LE(9));
        data(chunk);
      });
      socket.on("error", (error) => (failure = error.message));
      socket.on("close", () => gone(failure ?? "its socket was closed"));
    },
    write: (frames) => void socket.write(frames),
    end: () => socket.end(),
    kill: () => {
      if (peer !== null && processOf(peer.pid)?.startTicks === peer.startTicks) killProcess(peer.pid);
      socket.destroy();
    },
  };
}
