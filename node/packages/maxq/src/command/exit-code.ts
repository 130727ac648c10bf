/** What the command's exit codes mean; docs/cli.md has the same table. */
export const exitCode = {
  success: 0,
  /** The run failed, faults were found, or the command could not do what it was asked to. */
  failure: 1,
  /** The command line or a setting is wrong, or names something that there is not; nothing was done. */
  usage: 2,
  /** The watched run was aborted. */
  aborted: 3,
  /** The server wants another key. */
  keyRefused: 4,
  /** No server answered. */
  unreachable: 5,
  /** The watched run took longer than it may. */
  timeout: 124,
  /** Ended by Ctrl-C or SIGTERM: a run in this process was aborted, one on a server goes on. */
  interrupted: 130,
} as const;
