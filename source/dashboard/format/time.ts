import { daySeconds } from '../../domain/durations.ts';

const minute = 60;
const hour = 60 * minute;
const day = daySeconds;

const two = (count: number): string => String(count).padStart(2, '0');

/** Milliseconds as people say them: `850 ms`, `1.9 s`, `2m 05s`. */
export function formatLatency(milliseconds: number): string {
  if (milliseconds < 999.5) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 99_950) return `${(milliseconds / 1000).toFixed(1)} s`;
  return formatElapsed(milliseconds / 1000);
}

/** A span in seconds: `42s`, `3m 10s`, `2h 05m`, `3d 04h`. */
export function formatElapsed(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < minute) return `${whole}s`;
  if (whole < hour) return `${Math.floor(whole / minute)}m ${two(whole % minute)}s`;
  if (whole < day)
    return `${Math.floor(whole / hour)}h ${two(Math.floor((whole % hour) / minute))}m`;
  return `${Math.floor(whole / day)}d ${two(Math.floor((whole % day) / hour))}h`;
}

/** An age in whole minutes at the finest, so that it need not be drawn anew every second. */
export function formatAge(seconds: number): string {
  if (seconds < minute) return 'less than a minute';
  if (seconds < 2 * minute) return 'a minute';
  if (seconds < 2 * hour) return `${Math.floor(seconds / minute)} minutes`;
  if (seconds < 2 * day) return `${Math.floor(seconds / hour)} hours`;
  return `${Math.floor(seconds / day)} days`;
}

/** A moment in local time: `2026-11-24 21:05`. */
export function formatMoment(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  return `${formatLocalDay(date)} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** A moment in local time for the name of a file: `20261124T210507`. */
export function formatStamp(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join('');
  return `${formatLocalDay(date).replaceAll('-', '')}T${time}`;
}

/** A day by its local date: `11-24`. */
export function formatDay(unixSeconds: number): string {
  const date = new Date(unixSeconds * 1000);
  return `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The local date of a moment: `2026-11-24`. */
export const formatDate = (unixSeconds: number): string =>
  formatLocalDay(new Date(unixSeconds * 1000));

/** A day that was added up as one: days of the history are those of UTC, wherever they are looked at from. */
export const formatUtcDay = (unixSeconds: number): string =>
  new Date(unixSeconds * 1000).toISOString().slice(0, 10);

function formatLocalDay(date: Date): string {
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** A moment near to now in local time: `today 09:40`, `yesterday 21:05`, `11-24 21:05`, `2025-11-24`. */
export function formatDayAndTime(unixSeconds: number, now: number): string {
  const date = new Date(unixSeconds * 1000);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const today = new Date(now * 1000);
  if (formatLocalDay(date) === formatLocalDay(today)) return `today ${time}`;
  today.setDate(today.getDate() - 1);
  if (formatLocalDay(date) === formatLocalDay(today)) return `yesterday ${time}`;
  const isLately = Math.abs(now - unixSeconds) < 300 * day;
  return isLately ? `${formatDay(unixSeconds)} ${time}` : formatLocalDay(date);
}

/** Since when: hours and minutes, and the day where that is another than today. */
export function formatSince(at: number, now: number): string {
  return formatDayAndTime(at, now).replace(/^today /, '');
}
