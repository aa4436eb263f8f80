import { spawn, type IPty } from '@lydell/node-pty';
import xterm, { type IBufferCell, type Terminal as Screen } from '@xterm/headless';
import stringWidth from 'string-width';

export type TerminalOptions = {
  columns: number;
  rows: number;
  file: string;
  args: readonly string[];
  environment?: NodeJS.ProcessEnv;
  workingDirectory?: string;
  /** What the program is drawn on, where that is not of the size that it is told. */
  screen?: Screen;
};

/** A terminal of its own with a program in it, and what a person would see there. */
export type Terminal = {
  readonly pty: IPty;
  readonly screen: Screen;
  /** Everything that the program wrote. */
  output: () => string;
  /** The visible lines, without blanks at their ends. */
  lines: () => string[];
  text: () => string;
  send: (keys: string) => void;
  resize: (columns: number, rows: number) => void;
  /** Resolves as soon as the screen is as asked; rejects with what it shows when it never is. */
  waitFor: (
    wanted: string | RegExp | ((text: string) => boolean),
    within?: number,
  ) => Promise<void>;
  /** Resolves when the program has ended and all its output is drawn. */
  ended: Promise<{ exitCode: number; signal?: number }>;
  close: () => void;
};

export function newScreen(columns: number, rows: number): Screen {
  const screen = new xterm.Terminal({
    cols: columns,
    rows,
    allowProposedApi: true,
    scrollback: 200,
  });
  // xterm.js counts widths by Unicode 6; terminals of today do as string-width does.
  screen.unicode.register({
    version: 'today',
    wcwidth: (codePoint) => widthOfCodePoint(codePoint),
    charProperties(codePoint, preceding) {
      const width = widthOfCodePoint(codePoint);
      const joins = width === 0 && preceding !== 0;
      const shown = joins ? (preceding >> 1) & 3 : width;
      return (shown << 1) | (joins ? 1 : 0);
    },
  });
  screen.unicode.activeVersion = 'today';
  return screen;
}

const widthOfCodePoint = (codePoint: number): 0 | 1 | 2 => {
  const width = stringWidth(String.fromCodePoint(codePoint));
  return width >= 2 ? 2 : width === 1 ? 1 : 0;
};

export const linesOf = (screen: Screen): string[] =>
  Array.from(
    { length: screen.rows },
    (_, row) =>
      screen.buffer.active.getLine(screen.buffer.active.viewportY + row)?.translateToString(true) ??
      '',
  );

export type Cell = { text: string; cell: IBufferCell };

export function openTerminal(options: TerminalOptions): Terminal {
  const { columns, rows, file, args, environment = {}, workingDirectory } = options;
  const screen = options.screen ?? newScreen(columns, rows);
  const { CI: _, CONTINUOUS_INTEGRATION: __, ...inherited } = process.env;
  const pty = spawn(file, [...args], {
    cols: columns,
    rows,
    name: 'xterm-256color',
    cwd: workingDirectory ?? process.cwd(),
    env: {
      ...inherited,
      LANG: 'C.UTF-8',
      TERM: 'xterm-256color',
      COLORTERM: 'truecolor',
      ...environment,
    },
  });
  const listeners = new Set<() => void>();
  let output = '';
  let drawn = Promise.resolve();
  pty.onData((data) => {
    output += data;
    drawn = new Promise((resolve) => {
      screen.write(data, () => {
        for (const listener of listeners) listener();
        resolve();
      });
    });
  });
  // The program's questions to its terminal are answered as a terminal would.
  screen.onData((answer) => pty.write(answer));
  const ended = new Promise<{ exitCode: number; signal?: number }>((resolve) => {
    pty.onExit((result) => {
      void drawn.then(() => resolve(result));
    });
  });
  const text = () => linesOf(screen).join('\n');
  return {
    pty,
    screen,
    output: () => output,
    lines: () => linesOf(screen),
    text,
    send: (keys) => pty.write(keys),
    resize(columns, rows) {
      screen.resize(columns, rows);
      pty.resize(columns, rows);
    },
    async waitFor(wanted, within = 15_000) {
      const isThere = () => {
        const shown = text();
        if (typeof wanted === 'string') return shown.includes(wanted);
        return typeof wanted === 'function' ? wanted(shown) : wanted.test(shown);
      };
      await new Promise<void>((resolve, reject) => {
        const check = () => {
          if (!isThere()) return;
          finish();
          resolve();
        };
        const timer = setTimeout(() => {
          finish();
          reject(new Error(`never on screen: ${String(wanted)}\n${text()}`));
        }, within);
        const finish = () => {
          clearTimeout(timer);
          listeners.delete(check);
        };
        listeners.add(check);
        check();
      });
    },
    ended,
    close() {
      try {
        pty.kill('SIGKILL');
      } catch {
        // Already gone.
      }
      screen.dispose();
    },
  };
}
