/** A decoded request to start a script. */
export interface StartRequest {
  readonly id: number;
  readonly stdoutCap: number;
  readonly stderrCap: number;
  readonly path: string;
  readonly cwd: string;
  readonly outputPath: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Reads the body of a `start` frame; the script's own variables win over the shared ones. */
export function readStart(body: Buffer, baseEnv: readonly string[]): StartRequest {
  const [path = "", cwd = "", outputPath = "", , ...own] = body.toString("utf8", 16).split("\0").slice(0, -1);
  const env: Record<string, string> = {};
  for (const entry of [...baseEnv, ...own]) {
    const equals = entry.indexOf("=");
    env[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  return {
    id: body.readUInt32LE(0),
    stdoutCap: body.readUInt32LE(4),
    stderrCap: body.readUInt32LE(8),
    path,
    cwd,
    outputPath,
    env,
  };
}
