import type { DashboardOptions } from '../options.ts';
import { converse } from './converse.ts';
import { speakOnce } from './once.ts';

/** Whether the user's environment asks for text that a screen reader can read (Ink's own variable). */
export const wantsScreenReader = (environment: NodeJS.ProcessEnv): boolean =>
  environment['INK_SCREEN_READER'] === 'true';

/**
 * The dashboard as lines of text, never a cursor movement, never another screen. In a terminal it
 * stays, says what changes and takes a few keys; without a keyboard it is printed once.
 */
export async function speakDashboard(options: DashboardOptions): Promise<void> {
  await (options.stdin.isTTY ? converse(options) : speakOnce(options));
}
