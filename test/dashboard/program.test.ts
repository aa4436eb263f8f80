import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Recommendation } from '../../source/domain/insight.ts';
import { keymap } from '../../source/dashboard/keys/keymap.ts';
import { openStage, type Stage } from '../support/dashboard-terminal.ts';
import { mockInsight, someNow } from '../support/insight.ts';
import { openJournal } from '../../source/engine/index.ts';
import { runStory, storyEnds, storyGoesOn } from '../support/run-story.ts';
import { runEvents } from '../support/runs.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => {
  stage.close();
});

beforeEach(() => {
  rmSync(stage.preferences, { force: true });
  stage.play({ reading: { status: 'ready', insight: mockInsight() } });
});

/** Main screen, visible cursor, echo and line mode on, no mouse reporting. */
function expectWholeShell(terminal: Terminal): void {
  expect(terminal.screen.buffer.active.type).toBe('normal');
  expect(terminal.screen.modes.mouseTrackingMode).toBe('none');
  const output = terminal.output();
  expect(terminal.screen.modes.bracketedPasteMode).toBe(false);
  expect(output.lastIndexOf('\u001B[?25h')).toBeGreaterThanOrEqual(
    output.lastIndexOf('\u001B[?25l'),
  );
  expect(terminal.text()).toMatch(/(?<!-)icanon/);
  expect(terminal.text()).toMatch(/(?<!-)echo/);
}

describe('the program in a terminal', () => {
  it('shows the overview on the alternate screen and leaves the shell whole on q', async () => {
    const terminal = stage.open();
    await terminal.waitFor('deepseek-chat');
    expect(terminal.screen.buffer.active.type).toBe('alternate');
    terminal.send('q');
    await terminal.ended;
    expect(terminal.text()).toContain('left the dashboard');
    expect(terminal.text()).toContain('code=0');
    expectWholeShell(terminal);
  });

  it('has its numbers in the first frame where they are there', async () => {
    const terminal = stage.open();
    await terminal.waitFor('deepseek-chat');
    expect(terminal.output()).not.toContain('Reading ');
    terminal.send('q');
    await terminal.ended;
  });

  it('says in the first frame that it reads where that takes a while', async () => {
    stage.play({ reading: { status: 'loading' } });
    const terminal = stage.open();
    await terminal.waitFor('Reading ');
    expect(terminal.text()).not.toContain('deepseek-chat');
    stage.play({ reading: { status: 'ready', insight: mockInsight() } });
    await terminal.waitFor('deepseek-chat');
    terminal.send('q');
    await terminal.ended;
  });

  it('leaves on Ctrl+C like on q', async () => {
    const terminal = stage.open();
    await terminal.waitFor('deepseek-chat');
    terminal.send('\u0003');
    await terminal.ended;
    expect(terminal.text()).toContain('code=0');
    expectWholeShell(terminal);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('leaves the shell whole and remembers choices on %s', async (signal, code) => {
    const terminal = stage.open();
    await terminal.waitFor('deepseek-chat');
    terminal.send('2');
    await terminal.waitFor(/\[2 /);
    process.kill(stage.pid(), signal);
    await terminal.ended;
    expect(terminal.text()).toContain(`code=${code}`);
    expectWholeShell(terminal);
    expect(JSON.parse(readFileSync(stage.preferences, 'utf8'))).toMatchObject({ tab: 'routes' });
  });

  it('leaves the shell whole and the message in it when a pane throws', async () => {
    const terminal = stage.open();
    await terminal.waitFor('deepseek-chat');
    const insight = mockInsight();
    const broken = { ...insight.recommendations[0], message: null } as unknown as Recommendation;
    stage.play({
      reading: { status: 'ready', insight: { ...insight, recommendations: [broken] } },
    });
    await terminal.ended;
    expect(terminal.text()).toMatch(/failed: .*(null|split|replaceAll)/);
    expect(terminal.text()).toContain('code=1');
    expectWholeShell(terminal);
  });

  it('leaves the shell whole and the message in it when reading throws', async () => {
    const terminal = stage.open();
    await terminal.waitFor('deepseek-chat');
    writeFileSync(stage.scenario, '{ not JSON');
    await terminal.ended;
    expect(terminal.text()).toContain('failed: ');
    expectWholeShell(terminal);
  });

  it('takes keys that arrive in one chunk one by one', async () => {
    const terminal = stage.open();
    await terminal.waitFor('deepseek-chat');
    terminal.send('jj\r');
    await terminal.waitFor('Overview › deepseek-reasoner');
    terminal.send('\u001B[B\u001B[B\r');
    await terminal.waitFor('› event 998');
    terminal.send('\u001B');
    await terminal.waitFor('LAST EVENTS');
    terminal.send('q');
    await terminal.ended;
    expect(terminal.text()).toContain('code=0');
  });

  it('survives every key of the keymap in every view', async () => {
    const bytes: Record<string, string> = {
      up: '\u001B[A',
      down: '\u001B[B',
      right: '\u001B[C',
      left: '\u001B[D',
      pageup: '\u001B[5~',
      pagedown: '\u001B[6~',
      home: '\u001B[H',
      end: '\u001B[F',
      enter: '\r',
      tab: '\t',
      'shift-tab': '\u001B[Z',
      backspace: '\u007F',
      'ctrl-b': '\u0002',
      'ctrl-f': '\u0006',
      'ctrl-l': '\f',
      'ctrl-p': '\u0010',
    };
    const leaving = new Set(['q', 'ctrl-c', 'ctrl-d', 'ctrl-z', 'escape', '/', 'e', 'c']);
    const keys = keymap.flatMap(({ on }) => Object.keys(on)).filter((key) => !leaving.has(key));
    const terminal = stage.open();
    await terminal.waitFor('deepseek-chat');
    stage.play({ reading: { status: 'ready', insight: mockInsight() }, runs: [runStory()] });
    for (const start of ['1', '2', '3', '4', '5', '1L', '1c', '1\r', '4\r', '5\r', '5\r\r']) {
      // What is opened to be typed into is left again by Backspace: an Esc waits for what may follow it.
      for (const key of keys) {
        const closing = key === ':' || key === 'ctrl-p' ? 'zzzz\r\u0015\u007F' : '';
        terminal.send(start + (bytes[key] ?? key) + closing);
      }
    }
    terminal.send('1');
    await terminal.waitFor(/\[1 Over/);
    terminal.send('q');
    await terminal.ended;
    expect(terminal.text()).toContain('code=0');
  });

  it('asks for pasted text to be marked, and takes it where text is typed', async () => {
    const terminal = stage.open();
    await terminal.waitFor('deepseek-chat');
    expect(terminal.output()).toContain('\u001B[?1049h\u001B[?2004h');
    terminal.send('\u001B[200~2 quit\u001B[201~');
    terminal.send('/\u001B[200~deepseek-\n\u001B[201~reas');
    await terminal.waitFor('/ deepseek-reas_');
    expect(terminal.text()).toContain('[1 Overview]');
    terminal.send('\u0003');
    await terminal.ended;
    expect(terminal.output()).toMatch(/\[\?2004l[^]*\[\?1049l(?![^]*\[\?2004h)/);
  });

  it('shows what another process writes', async () => {
    const terminal = stage.open();
    await terminal.waitFor('48 runs');
    const insight = mockInsight();
    stage.play({
      reading: {
        status: 'ready',
        insight: { ...insight, summary: { ...insight.summary, runs: 49 } },
      },
    });
    await terminal.waitFor('49 runs');
    stage.play({ reading: { status: 'locked' } });
    await terminal.waitFor('is locked by another program');
    expect(terminal.text()).toContain('deepseek-chat');
    terminal.send('q');
    await terminal.ended;
  });

  it('opens a run by Enter, and shows its tasks finish while its journal grows', async () => {
    const runs = join(stage.directory, 'runs');
    const journal = openJournal({ directory: runs, projectId: 'p-5c21' });
    // A while ahead of the program's clock, so that no wait makes the run look dead.
    const before = runStory().map((event) => ({ ...event, at: event.at + 60 }));
    const after = storyGoesOn(before);
    for (const event of before) journal.append(event);
    utimesSync(join(runs, 'p-5c21', 'events.jsonl'), someNow, someNow);
    const terminal = stage.open({ flags: ['--runs', runs] });
    await terminal.waitFor('deepseek-chat');
    terminal.send('5');
    await terminal.waitFor('A rate limiter for');
    terminal.send('\r');
    await terminal.waitFor('Live › A rate limiter for an HTTP API');
    await terminal.waitFor('3/6 tasks');
    await terminal.waitFor(/❯ ▸ +tests .* judged by claude-son/);
    for (const event of after.slice(before.length)) journal.append(event);
    await terminal.waitFor('4/6 tasks');
    await terminal.waitFor(/ {2}✓ +tests .* accepted +0\.90/);
    await terminal.waitFor(/❯ ▸ +review .* generating/);
    terminal.send('g\r');
    await terminal.waitFor('HTTP API › algorithm');
    terminal.send('\u001B');
    await terminal.waitFor(/❯ ✓ +algorithm/);
    for (const event of storyEnds(after).slice(after.length)) journal.append(event);
    await terminal.waitFor('~ partial');
    await terminal.waitFor('orchestrator run --resume p-5c21');
    terminal.send('\u001B');
    await terminal.waitFor(/~ today .* A rate lim.* partial/);
    terminal.send('q');
    await terminal.ended;
    journal.close();
    expect(terminal.text()).toContain('code=0');
  });

  it('draws the new size once a resize rests, without remains of the old one', async () => {
    const terminal = stage.open({ columns: 120, rows: 40 });
    await terminal.waitFor('deepseek-chat');
    for (let step = 0; step < 30; step += 1) terminal.resize(120 - step * 2, 40 - (step % 17));
    terminal.resize(80, 24);
    await terminal.waitFor((text) => /^╰─+( ↓ )?╯?/m.test(text) && text.includes('q quit'));
    const fresh = stage.open({ columns: 80, rows: 24 });
    await fresh.waitFor('deepseek-chat');
    const areTheSame = () => terminal.text() === fresh.text();
    await expect.poll(areTheSame, { timeout: 15_000 }).toBe(true);
    terminal.resize(30, 8);
    await terminal.waitFor('Too small');
    expect(terminal.lines().filter((line) => line !== '')).toHaveLength(1);
    terminal.send('q');
    await terminal.ended;
    expectWholeShell(terminal);
  });

  it('suspends on Ctrl+Z, and comes back whole', async () => {
    const terminal = openTerminal({
      columns: 100,
      rows: 30,
      file: 'bash',
      args: ['--norc', '--noprofile', '-i'],
      environment: { PS1: 'shell> ' },
    });
    await terminal.waitFor('shell>');
    const { program, scenario, preferences, directory } = stage;
    terminal.send(
      `'${process.execPath}' '${program}' '${scenario}' '${preferences}' '${directory}'\r`,
    );
    await terminal.waitFor('MODEL RANKINGS');
    terminal.send('\u001A');
    await terminal.waitFor('Stopped');
    expect(terminal.screen.buffer.active.type).toBe('normal');
    // Off, before the shell asks for it itself.
    expect(terminal.output()).toContain('\u001B[?2004l\u001B[?1049l');
    terminal.send('echo typed-in-the-shell\r');
    await terminal.waitFor(/^typed-in-the-shell/m);
    terminal.send('fg\r');
    await terminal.waitFor('MODEL RANKINGS');
    expect(terminal.screen.buffer.active.type).toBe('alternate');
    terminal.send('2');
    await terminal.waitFor('ROUTES  6');
    terminal.send('1q');
    await terminal.waitFor('left the dashboard');
    terminal.close();
  });

  it('works where CI is set, and without colour where none is wanted', async () => {
    const terminal = stage.open({ environment: { CI: 'true', NO_COLOR: '1' } });
    await terminal.waitFor('deepseek-chat');
    terminal.send('q');
    await terminal.ended;
    expect(terminal.output()).not.toMatch(/\[(?:3|9)\dm|\[[34]8;/);
  });

  it('draws ASCII where the locale is not UTF-8', async () => {
    const terminal = stage.open({ environment: { LC_ALL: 'C' } });
    await terminal.waitFor('deepseek-chat');
    expect(terminal.text()).toMatch(/^[ -~\n]*$/);
    terminal.send('q');
    await terminal.ended;
  });

  it.each([
    ['q', 'code=0'],
    ['\u0003', 'code=0'],
    ['SIGTERM', 'code=143'],
    ['SIGHUP', 'code=129'],
  ])(
    'speaks to a screen reader on the main screen, and leaves it whole on %j',
    async (by, code) => {
      const terminal = stage.open({ environment: { INK_SCREEN_READER: 'true' }, rows: 60 });
      await terminal.waitFor('q quits');
      expect(terminal.text()).toContain('deepseek-chat');
      if (by === 'SIGTERM' || by === 'SIGHUP') process.kill(stage.pid(), by);
      else terminal.send(by);
      await terminal.ended;
      expect(terminal.text()).toContain(code);
      expect(terminal.output()).not.toContain('\u001B');
      expectWholeShell(terminal);
    },
  );
});

describe('what it leaves behind', () => {
  it('asks the terminal for its background once, and leaves no answer to the shell', async () => {
    const terminal = stage.open({ environment: { TERM: 'xterm-256color' } });
    await terminal.waitFor('deepseek-chat');
    terminal.send('\u001B]11;rgb:ffff/ffff/ffff\u0007');
    terminal.send('t');
    // From light, which it went by, the next one is plain.
    await terminal.waitFor('Theme: plain.');
    terminal.send('q');
    await terminal.ended;
    expect(terminal.output().split('\u001B]11;?\u001B\\')).toHaveLength(2);
  });

  it('remembers tab, sort, columns, window and theme, and ignores a broken file', async () => {
    const first = stage.open();
    await first.waitFor('deepseek-chat');
    first.send('ss]c c3');
    await first.waitFor('[3 Cost]');
    first.send('tq');
    await first.ended;
    const second = stage.open();
    await second.waitFor('[3 Cost]');
    await second.waitFor('last 90 days');
    second.send('1');
    await second.waitFor(/Model {2,}Value/);
    second.send('q');
    await second.ended;
    expect(JSON.parse(readFileSync(stage.preferences, 'utf8'))).toMatchObject({
      tab: 'overview',
      days: 90,
      theme: 'light',
      sorts: { rankings: { column: 'cost', descending: false } },
    });
    writeFileSync(stage.preferences, '{"tab": 7');
    const third = stage.open({ flags: ['--days', '7'] });
    // The header may be on screen before the rest of its frame.
    await third.waitFor('last 7 days');
    await third.waitFor('[1 Overview]');
    third.send('q');
    await third.ended;
  });

  it('saves the view as JSON and never over another file', async () => {
    const terminal = stage.open();
    await terminal.waitFor('deepseek-chat');
    terminal.send('ee');
    await terminal.waitFor('Saved as');
    terminal.send('q');
    await terminal.ended;
    const saved = readdirSync(stage.directory).filter((name) => name.startsWith('orchestrator-'));
    expect(saved).toHaveLength(2);
    const [name = ''] = saved;
    expect(JSON.parse(readFileSync(join(stage.directory, name), 'utf8'))).toMatchObject({
      view: 'overview',
      rankings: [{ model: 'gemini-flash' }, { model: 'deepseek-chat' }, {}, {}, {}, {}, {}],
    });
  });

  it('copies over the terminal, through tmux too', async () => {
    const terminal = stage.open({ environment: { TMUX: '/tmp/tmux-0/default,1,0' } });
    await terminal.waitFor('deepseek-chat');
    terminal.send('4y');
    await terminal.waitFor('configuration lines that apply it');
    const payload = Buffer.from('# declining\nsummarization: {}\n').toString('base64');
    expect(terminal.output()).toContain(`\u001B]52;c;${payload}\u0007`);
    expect(terminal.output()).toContain(`\u001BPtmux;\u001B\u001B]52;c;${payload}\u0007\u001B\\`);
    terminal.send('q');
    await terminal.ended;
  });

  it('stays when the run that it watches has ended, until it is left', async () => {
    const events = runEvents('watched');
    const insight = mockInsight();
    stage.play({ reading: { status: 'ready', insight }, runs: [events] });
    const terminal = stage.open({ flags: ['--watch', 'watched', '--tab', 'runs'] });
    await terminal.waitFor('9/14 tasks');
    expect(terminal.text()).toContain('Live › Build a rate limiter');
    terminal.send('\u001B');
    await terminal.waitFor('[5 Runs 1]');
    stage.play({
      reading: { status: 'ready', insight },
      runs: [
        [
          ...events,
          {
            type: 'run-finished',
            projectId: 'watched',
            at: (events.at(-1)?.at ?? 0) + 5,
            status: 'success',
            spentUsd: 1,
            results: [],
            spentByPhase: { decomposition: 0, generation: 1, review: 0, evaluation: 0 },
            spentByModel: {},
            resumable: false,
          },
        ],
      ],
    });
    await terminal.waitFor(/Build a rate limi.* success/);
    terminal.send('q');
    await terminal.ended;
    expect(terminal.text()).toContain('left the dashboard');
  });
});
