/** Seconds of a day in UTC; a local day may have an hour more or less. */
export const daySeconds = 86_400;
