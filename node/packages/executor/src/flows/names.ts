const FLOW_NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const STEP_NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,127}$/;

/** Whether a directory of this name may be a flow. */
export function isFlowName(name: string): boolean {
  return FLOW_NAME.test(name);
}

/** Whether a directory below `steps/` of this name may be a step: as flows, but without dots. */
export function isStepName(name: string): boolean {
  return STEP_NAME.test(name);
}
