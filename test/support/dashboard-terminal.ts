import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { bundleProgram } from '../../scripts/bundle.ts';
import { writeScenario, type Scenario } from './scenario.ts';
import { openTerminal, type Terminal } from './terminal.ts';

/** The dashboard's program, bundled as the product is, in a folder of its own. */
export type Stage = {
  directory: string;
  scenario: string;
  preferences: string;
  program: string;
  play: (scenario: Scenario) => void;
  /** Opens a terminal with a shell that runs the program, and then tells how it left the terminal. */
  open: (options?: OpenOptions) => Terminal;
  /** The process id of the program that runs. */
  pid: () => number;
  close: () => void;
};

export type OpenOptions = {
  columns?: number;
  rows?: number;
  flags?: readonly string[];
  environment?: NodeJS.ProcessEnv;
};

export async function openStage(): Promise<Stage> {
  const directory = mkdtempSync(join(tmpdir(), 'dashboard-'));
  const program = join(directory, 'program.mjs');
  const scenario = join(directory, 'scenario.json');
  const preferences = join(directory, 'cache', 'dashboard.json');
  await bundleProgram('test/support/dashboard-program.ts', program);
  const terminals: Terminal[] = [];
  return {
    directory,
    scenario,
    preferences,
    program,
    play: (played) => writeScenario(scenario, played),
    open({ columns = 100, rows = 30, flags = [], environment = {} } = {}) {
      const command = [process.execPath, program, scenario, preferences, directory, ...flags]
        .map((word) => `'${word}'`)
        .join(' ');
      // Afterwards: how it ended, and whether the terminal echoes and works line by line again. Then it
      // waits: what a busy machine has not read of a terminal 200 ms after its end is lost.
      const script = `${command}; code=$?; stty -a | grep -oE '(^| )-?(echo|icanon)( |;)' | tr -d ' ;\\n'; echo " code=$code"; read -r told`;
      const terminal = openTerminal({
        columns,
        rows,
        file: '/bin/sh',
        args: ['-c', script],
        environment,
        workingDirectory: directory,
      });
      terminals.push(terminal);
      return {
        ...terminal,
        get ended() {
          return terminal.waitFor(/ code=\d+/).then(() => {
            terminal.send('\n');
            return terminal.ended;
          });
        },
      };
    },
    pid: () => Number(readFileSync(`${scenario}.pid`, 'utf8')),
    close() {
      for (const terminal of terminals) terminal.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
