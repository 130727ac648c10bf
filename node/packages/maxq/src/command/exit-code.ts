/** What the command's exit codes mean. */
export const exitCode = {
  success: 0,
  /** The run failed, or the command could not do what it was asked to. */
  failure: 1,
  /** The command line or a setting is wrong; nothing was done. */
  usage: 2,
  /** Ended by Ctrl-C or SIGTERM, after everything that ran was ended. */
  interrupted: 130,
} as const;
