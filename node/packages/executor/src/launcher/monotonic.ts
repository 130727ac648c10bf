/** CLOCK_MONOTONIC in ms: the same for all processes of a machine since its boot, unlike `performance.now()`. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
