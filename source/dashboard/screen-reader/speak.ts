import type { DashboardOptions } from '../options.ts';
import { runSession } from './session.ts';
import { speakOnce } from './once.ts';

/**
 * The dashboard as lines of text, never a cursor movement, never another screen. In a terminal it
 * stays, says what changes and takes a few keys; without a keyboard it is printed once.
 */
export async function speakDashboard(options: DashboardOptions): Promise<void> {
  await (options.stdin.isTTY ? runSession(options) : speakOnce(options));
}
