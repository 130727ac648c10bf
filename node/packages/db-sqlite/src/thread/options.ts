/** What `openSqliteStore` hands to its thread: data only. */
export interface ThreadOptions {
  readonly file: string;
  readonly sqlDirectory?: string | undefined;
  readonly migrationsDirectory?: string | undefined;
  readonly clockShift?: Float64Array | undefined;
  readonly waitMs: number;
}
