import process from 'node:process';
import type { RunEvent } from '../../domain/run-event.ts';
import type { RunState } from '../../domain/run-state.ts';
import { eventLine } from '../../dashboard/run-view/text.ts';
import {
  colourDepthOf,
  isUtf8Locale,
  renderStyleOf,
  themeForBackground,
} from '../../dashboard/theme/index.ts';
import type { CommandContext } from '../command-line/specification.ts';
import { jsonLine } from './json-lines.ts';
import { printJsonLines, printText } from '../../dashboard/output/print.ts';

/** How a run is shown while it lasts. */
export type RunScreen = {
  /** After every event; the state holds it already. */
  show(event: RunEvent): void;
  /** One sentence that belongs to no event. */
  note(message: string): void;
  /** Leaves the terminal free for the result. */
  close(): Promise<void>;
};

export const jsonScreen = ({ stdout, stderr }: CommandContext): RunScreen =>
  printedScreen(stderr, (event) => {
    const line = jsonLine(event);
    if (line !== undefined) printJsonLines(stdout, line);
  });

export const lineScreen = ({ stdout, stderr }: CommandContext): RunScreen =>
  printedScreen(stderr, (event) => {
    const line = eventLine(event);
    if (line !== undefined) printText(stdout, `${line}\n`);
  });

const printedScreen = (stderr: NodeJS.WriteStream, show: RunScreen['show']): RunScreen => ({
  show,
  note: (message) => printText(stderr, `${message}\n`),
  close: () => Promise.resolve(),
});

/** In a terminal: drawn in place by Ink, which is loaded only here. */
export async function terminalScreen(state: RunState, context: CommandContext): Promise<RunScreen> {
  const { showRun } = await import('../../dashboard/run-view/index.ts');
  const { clock, environment, stdout } = context;
  const style = renderStyleOf({
    theme: themeForBackground(environment),
    depth: colourDepthOf(environment),
    ascii: !isUtf8Locale(environment, process.platform),
  });
  const view = showRun({ state, clock, style, stdout });
  return {
    show: () => view.update(),
    note(message) {
      state.notices.push({ at: clock(), message });
      view.update();
    },
    close: () => view.close(),
  };
}

/** Where another program shows the run already. */
export function silentScreen(state: RunState, { clock }: CommandContext): RunScreen {
  return {
    show: () => undefined,
    note: (message) => {
      state.notices.push({ at: clock(), message });
    },
    close: () => Promise.resolve(),
  };
}
