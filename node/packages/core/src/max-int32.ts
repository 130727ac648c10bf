/** The greatest number that every store's integer columns take, and every timer of Node and of the launcher: so many ms are 24.8 days. */
export const maxInt32 = 2_147_483_647;
