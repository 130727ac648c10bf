/** A flow's name is its directory's name. */
export const flowNamePattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/** Stage names have no dots, so that the ids made of them can be told apart from given ones. */
export const stageNamePattern = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,127}$/;

/** A step's name is the name of its directory below `steps/`. */
export const stepNamePattern = stageNamePattern;

/** An id that a stage document gives to a step. */
export const givenIdPattern = /^[A-Za-z0-9_-]{1,128}$/;

/** Any id that a step can have, given or made: `<id>`, `<id>.<sequence>`, `<stage>.<name>`, `<stage>.<name>.<sequence>`. */
export const stepIdPattern = /^[A-Za-z0-9_-]{1,128}(\.[A-Za-z0-9_-]{1,128}){0,2}$/;

/** An artifact's name: every character stands in a URL's path as it is, and no name is `.` or `..`. */
export const artifactNamePattern = /^[A-Za-z0-9_][A-Za-z0-9._~:@+=,-]{0,254}$/;

/** A variable's name in a step's `env`; some that match are reserved, see `isReservedEnvName`. */
export const envNamePattern = /^[A-Za-z_][A-Za-z0-9_]*$/;

const runIdPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const reservedEnvNames = new Set(["BASH_ENV", "ENV", "__proto__"]);
const reservedEnvPrefixes = ["MAXQ_", "LD_"];

/** Whether a flow may be called so. */
export function isFlowName(name: string): boolean {
  return flowNamePattern.test(name);
}

/** Whether a stage may be called so. */
export function isStageName(name: string): boolean {
  return stageNamePattern.test(name);
}

/** Whether a step script may be called so. */
export function isStepName(name: string): boolean {
  return stepNamePattern.test(name);
}

/** Whether this can be the id of a step at all; whether the step exists is another question. */
export function isStepId(id: string): boolean {
  return stepIdPattern.test(id) || isFlowCallId(id);
}

/** Whether this is the id of a flow call: `flow:<n>`. */
export function isFlowCallId(id: string): boolean {
  return /^flow:[0-9]{1,15}$/.test(id);
}

/** Whether this can be the id of a run: a UUID in lower case. */
export function isRunId(id: string): boolean {
  return runIdPattern.test(id);
}

/** Names that a step's `env` may not set, because they are MaxQ's or would change what the script's interpreter loads. */
export function isReservedEnvName(name: string): boolean {
  return reservedEnvNames.has(name) || reservedEnvPrefixes.some((prefix) => name.startsWith(prefix));
}

/** Whether a step's field may be called so: 1 to 255 characters, no NUL. */
export function isFieldName(name: string): boolean {
  return name.length >= 1 && name.length <= 255 && !name.includes("\0");
}
