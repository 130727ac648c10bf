/** Where a code shows up: as an HTTP answer with this status, or as the `error` of a run or step (status null). */
interface ErrorEntry {
  readonly status: number | null;
  readonly meaning: string;
  readonly cure: string;
}

/**
 * The one table of error codes: the HTTP status each is answered with, its meaning, its cure.
 * `docs/errors.md` is made from it. A code with a status may also be stored on a run.
 */
export const errors = {
  INVALID_REQUEST: {
    status: 400,
    meaning: "The request does not fit its schema.",
    cure: "Correct the value at `details.path`.",
  },
  INVALID_JSON: {
    status: 400,
    meaning: "The body is not JSON.",
    cure: "Send one JSON document in UTF-8; look at the position given.",
  },
  INVALID_STAGE: {
    status: 400,
    meaning: "The stage document does not fit its schema.",
    cure: "Correct the value at `details.path`; a close key is suggested.",
  },
  INVALID_NAME: {
    status: 400,
    meaning: "A flow, stage, step or id has a name that is not allowed.",
    cure: "Use letters, digits, `_` and `-` (flows also dots), at most 128.",
  },
  INVALID_ENV: {
    status: 400,
    meaning: "A step's env has a name that is not allowed or reserved, or a value with a NUL.",
    cure: "Names match ^[A-Za-z_][A-Za-z0-9_]*$; MAXQ_*, LD_*, BASH_ENV and ENV are refused.",
  },
  DUPLICATE_STEP: {
    status: 400,
    meaning: "Two steps of the run would have the same id.",
    cure: "Give each step an id of its own, or use `instances`.",
  },
  UNKNOWN_DEPENDENCY: {
    status: 400,
    meaning: "`dependsOn` names neither a step of the stage nor a completed step of an earlier one.",
    cure: "Name an id or a step name of the same stage.",
  },
  DEPENDENCY_CYCLE: {
    status: 400,
    meaning: "The steps wait for each other in a circle, named in full.",
    cure: "Remove one of the dependencies named.",
  },
  SCRIPT_NOT_FOUND: {
    status: 400,
    meaning: "A script does not exist.",
    cure: "Create it at the path given, or correct the step's name.",
  },
  SCRIPT_NOT_EXECUTABLE: {
    status: 400,
    meaning: "A script lacks the execute bit or is not a regular file.",
    cure: "Run the `chmod +x` that the message gives.",
  },
  SCRIPT_BAD_INTERPRETER: {
    status: 400,
    meaning:
      "The kernel cannot start the script: no shebang line, CRLF line ends, or an interpreter that does not exist.",
    cure: "Begin the file with `#!/usr/bin/env bash` and save it with LF line ends.",
  },
  SCRIPT_OUTSIDE_FLOW: {
    status: 400,
    meaning: "A path or link leads out of the flow's directory.",
    cure: "Keep scripts inside their flow's directory.",
  },
  LIMIT_EXCEEDED: {
    status: 400,
    meaning: "A count is over a configured limit, named with its setting.",
    cure: "Send less, or raise the setting.",
  },
  UNAUTHORIZED: {
    status: 401,
    meaning: "No key, or a wrong one.",
    cure: "Send `Authorization: Bearer <key>`; `maxq key` prints a generated one.",
  },
  FORBIDDEN: {
    status: 403,
    meaning: "The key or origin may not do this, or a run's token was used outside its run.",
    cure: "Use the server's key.",
  },
  NOT_FOUND: {
    status: 404,
    meaning: "There is no such route, or no such thing.",
    cure: "Check the path and the id.",
  },
  FLOW_NOT_FOUND: {
    status: 404,
    meaning: "There is no such flow under the flows root.",
    cure: "Create `<flows>/<name>/flow.sh`, or correct the name.",
  },
  RUN_NOT_FOUND: { status: 404, meaning: "There is no such run.", cure: "Check the id." },
  STEP_NOT_FOUND: {
    status: 404,
    meaning: "The run has no such step.",
    cure: "Check the id; `GET /runs/{id}/steps` lists them.",
  },
  ATTEMPT_NOT_FOUND: {
    status: 404,
    meaning: "The step has had no such attempt.",
    cure: "Take one of those that `GET /runs/{id}/steps/{stepId}` lists.",
  },
  ARTIFACT_NOT_FOUND: {
    status: 404,
    meaning: "The run has no such artifact.",
    cure: "Check the name; `GET /runs/{id}/artifacts` lists them.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: "The path exists, but not with this method.",
    cure: "Use a method of the `Allow` header.",
  },
  STAGE_CONFLICT: {
    status: 409,
    meaning: "The run has a stage of that name with another body.",
    cure: "Use another stage name, or send the same body.",
  },
  RUN_OVER: { status: 409, meaning: "The run is over.", cure: "Retry the run, or start a new one." },
  RUN_FINAL: {
    status: 409,
    meaning: "A final stage was scheduled: nothing may follow it.",
    cure: "Schedule the stage before the final one, or drop `final`.",
  },
  RUN_NOT_OVER: {
    status: 409,
    meaning: "The run, or a process of it, is not over yet.",
    cure: "Abort it or wait for its end.",
  },
  STEP_NOT_OVER: {
    status: 409,
    meaning: "The step is in a state in which it cannot be retried.",
    cure: "Only failed, cancelled and aborted steps can be.",
  },
  STATE_CONFLICT: {
    status: 409,
    meaning: "The run's state does not allow this.",
    cure: "The message says which state that is, and what can be done.",
  },
  IDEMPOTENCY_CONFLICT: {
    status: 409,
    meaning:
      "The idempotency key was used with another body, or for a run that this script's token may not read.",
    cure: "Use a new key.",
  },
  ATTEMPT_OVER: {
    status: 409,
    meaning: "The attempt whose token this is has ended: it may not write any more.",
    cure: "Nothing: the newer attempt speaks for the step.",
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    meaning: "A body or value is over a configured limit, named with its setting.",
    cure: "Send less, or raise the setting.",
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    meaning: "The body's type is not JSON.",
    cure: "Send `Content-Type: application/json`.",
  },
  INTERNAL_ERROR: {
    status: 500,
    meaning: "A fault in MaxQ or its database; what was stored is not known.",
    cure: "Look up the request id in the server's log.",
  },
  UNAVAILABLE: {
    status: 503,
    meaning: "The database cannot be reached at the moment.",
    cure: "Try again; accepted work is safe.",
  },
  INVALID_FLOW_OUTPUT: {
    status: null,
    meaning:
      "flow.sh printed something that begins like a stage document but is none, or wrote something else to `$MAXQ_OUTPUT`.",
    cure: "Look at the position and excerpt; print one JSON document last.",
  },
  FLOW_FAILED: {
    status: null,
    meaning: "flow.sh exited non-zero or was ended by a signal.",
    cure: "Look at the end of its stderr in `details`.",
  },
  STEP_FAILED: {
    status: null,
    meaning: "A step's process failed and no retry was left.",
    cure: "Look at the step's output.",
  },
  STEP_TIMEOUT: {
    status: null,
    meaning: "A step ran longer than its `timeoutMs`.",
    cure: "Raise `timeoutMs`, or make the step faster.",
  },
  RUN_TIMEOUT: {
    status: null,
    meaning: "The run took longer than its `timeoutMs`.",
    cure: "Raise `timeoutMs`.",
  },
  RUN_ABORTED: {
    status: null,
    meaning: "The run was aborted.",
    cure: "Retry the run if that was not meant.",
  },
  WORKER_LOST: {
    status: null,
    meaning: "The worker that ran the step was lost too often, or the step says `onLost: fail`.",
    cure: "Look why workers die; then retry the step.",
  },
  DEPENDENCY_FAILED: {
    status: null,
    meaning: "The step was cancelled because another step failed.",
    cure: "Retry the step that failed.",
  },
  SCRIPT_NOT_STARTED: {
    status: null,
    meaning: "The operating system refused to start the script.",
    cure: "Look at the error given (memory, processes, permissions).",
  },
} as const satisfies Record<string, ErrorEntry>;

/** One of the codes of the table. */
export type ErrorCode = keyof typeof errors;

/** The HTTP status that a code is answered with; codes that are only stored answer 409. */
export function statusOf(code: ErrorCode): number {
  return errors[code].status ?? 409;
}
