/** Ms to wait before try number `failures` + 1: 10, 20, 40, … at most 250. */
export function backoffMs(failures: number): number {
  return Math.min(250, 10 * 2 ** Math.min(failures, 5));
}
