import { render } from 'ink';
import { createElement } from 'react';
import type { RunState } from '../../domain/run-state.ts';
import type { Clock } from '../../domain/runtime.ts';
import { TerminalStream } from '../output/terminal-stream.ts';
import type { RenderStyle } from '../theme/index.ts';
import { createRunScreenStore } from './run-screen-store.ts';
import { RunView } from './RunView.tsx';

export type RunScreenHandle = {
  /** Draws what the state has become. */
  update(): void;
  /** Takes the view away, so that the result can be printed in its place. */
  close(): Promise<void>;
};

/**
 * Shows a run in place, below what the terminal already shows. Elapsed time moves once a second;
 * Ctrl+C stays a signal, since no key is read.
 */
export function showRun(options: {
  state: RunState;
  clock: Clock;
  style: RenderStyle;
  stdout: NodeJS.WriteStream;
}): RunScreenHandle {
  const { state, clock, style } = options;
  const stdout = new TerminalStream(options.stdout);
  const sizeOf = () => ({ columns: stdout.columns, rows: stdout.rows });
  const store = createRunScreenStore({ state, now: clock(), size: sizeOf() });
  const redraw = () => store.set({ now: clock(), size: sizeOf() });
  const drawn = { get: store.get, subscribe: stdout.whileWritable(store.subscribe) };
  const app = render(createElement(RunView, { store: drawn, style }), {
    stdout,
    exitOnCtrlC: false,
    patchConsole: false,
    incrementalRendering: true,
    interactive: true,
  });
  const second = setInterval(redraw, 1000);
  stdout.on('resize', redraw);
  return {
    update: redraw,
    async close() {
      clearInterval(second);
      stdout.off('resize', redraw);
      app.clear();
      app.unmount();
      await app.waitUntilExit();
      stdout.release();
    },
  };
}
