/** The start of the day that holds a time, in the time zone of this process; all in Unix seconds. */
export function startOfLocalDay(at: number): number {
  const date = new Date(at * 1000);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime() / 1000;
}

/** The start of the month that holds a time. */
export function startOfLocalMonth(at: number): number {
  const date = new Date(at * 1000);
  return new Date(date.getFullYear(), date.getMonth(), 1).getTime() / 1000;
}

/** The start of the day after the one that starts then: 23, 24 or 25 hours later. */
export function nextLocalDay(start: number): number {
  const date = new Date(start * 1000);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime() / 1000;
}
