/** Seconds of a day in UTC; a local day may have an hour more or less. */
export const daySeconds = 86_400;

/** Days of the history that routing goes by. */
export const horizonDays = 90;
