import { ApiError, type Refused, type Unreachable } from "@maxq/client";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { connect, type Connection } from "./connect.js";

/** Runs a command against the server that is named. A refusal or silence, thrown as `ApiError`, is told and becomes the exit code. */
export async function withServer(
  invocation: Invocation,
  command: (connection: Connection) => Promise<number>,
): Promise<number> {
  const connection = connect(invocation);
  if (connection === null) return exitCode.usage;
  try {
    return await command(connection);
  } catch (error) {
    if (error instanceof ApiError) return complain(invocation, error.answer);
    throw error;
  }
}

/** Says why there is no answer, and answers the exit code. */
export function complain({ err }: Pick<Invocation, "err">, answer: Refused | Unreachable): number {
  if (answer.reason === "unreachable") {
    err(`maxq: ${answer.message} --server or MAXQ_URL names another one.`);
    return exitCode.unreachable;
  }
  const { status, problem } = answer;
  if (status === 401 || status === 403) {
    err(
      `maxq: ${problem.message} Set MAXQ_API_KEY, or MAXQ_API_KEY_FILE to a file that only you can read; \`maxq key\` prints a generated key where the server's data is.`,
    );
    return exitCode.keyRefused;
  }
  err(`maxq: ${problem.message}`);
  return [400, 404, 413].includes(status) ? exitCode.usage : exitCode.failure;
}
