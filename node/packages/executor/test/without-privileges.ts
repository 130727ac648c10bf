/** Who root becomes for a while: nobody. */
const NOBODY = 65534;

/** Does something as a user for whom permissions count, as they do not for root. Its folders are to be made in it. */
export async function withoutPrivileges(something: () => Promise<void> | void): Promise<void> {
  if (process.geteuid?.() !== 0) return something();
  process.seteuid!(NOBODY);
  try {
    await something();
  } finally {
    process.seteuid!(0);
  }
}
