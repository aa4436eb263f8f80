import xterm from '@xterm/headless';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStage, type Stage } from '../support/dashboard-terminal.ts';
import { cell, insightOf, ranking } from '../support/insight.ts';
import { newScreen, openTerminal, type Terminal } from '../support/terminal.ts';

const names = [
  'ไทย-กำลังทำน้ำ',
  'ລາວ-ນຳໜ້າ',
  'सर्वम-हिन्दी-क्षत्रिय',
  'বাংলা-মডেল',
  'తెలుగు-నమూనా',
  'தமிழ்-மாதிரி',
  'മലയാളം-മോഡൽ',
  'සිංහල-ආකෘතිය',
  'မြန်မာ-မော်ဒယ်',
  'ខ្មែរ-គំរូ',
  'བོད་ཡིག་-དཔེ',
  'نموذج-عَرَبِيّ',
  'דגם-עִבְרִית',
  '한국어-모델',
  '通义千问',
  'ｱｲｳﾞ-かﾞ',
  'é\u0301\u0302\u0303\u0304\u0305',
  `zalgo-${'a\u0300\u0301\u0302\u0303\u0304\u0305'.repeat(40)}`,
  '\u0301mark-first',
  'tab\tand\u2028line\u2029ends\r\n',
  '\u202Egnp.exe\u2066\u2069\u061C',
  '\u001B[31mred\u001B[0m\u0007\u009B2J\u0090x\u009C',
  'half \uD800 and none \uFFFF \u{10FFFF} own \uE000',
  'a'.repeat(300),
];

/** Terminals of old take these for one column, and those of today for two. */
const emoji = ['👩‍👩‍👧‍👦-family', '🇩🇪-flag', '👍🏽-skin', '❤️-heart', '1️⃣-key'];

function insightWith(models: readonly string[]) {
  const seed = { quality: 0.9, costUsd: 0.001, calls: 60, trend: 3 };
  return insightOf(
    models.map((model) => ranking(model, seed)),
    models.map((model) => cell('code_generation', model, seed)),
  );
}

/** A screen as xterm.js makes it by itself: it knows no mark and no emoji of the last 15 years. */
const screenOfOld = (columns: number, rows: number) =>
  new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });

const borders = /[│╮╯┤┃|]/;

/** The rows of a pane whose border does not stand in the terminal's last column. */
function raggedRows({ screen, lines }: Terminal): string[] {
  return lines().filter((line, row) => {
    if (!/^[│╭╰]/.test(line)) return false;
    const last =
      screen.buffer.active
        .getLine(row)
        ?.getCell(screen.cols - 1)
        ?.getChars() ?? '';
    return !borders.test(last);
  });
}

let stage: Stage;

beforeAll(async () => {
  stage = await openStage();
});

afterAll(() => {
  stage.close();
});

const sizes = [
  [40, 10],
  [60, 20],
  [80, 24],
  [120, 40],
  [200, 60],
] as const;

function open(columns: number, rows: number, isOld: boolean): Terminal {
  const { program, scenario, preferences, directory } = stage;
  return openTerminal({
    columns,
    rows,
    file: process.execPath,
    args: [program, scenario, preferences, directory],
    screen: isOld ? screenOfOld(columns, rows) : newScreen(columns, rows),
  });
}

describe.each([
  ['a terminal of today', false],
  ['a terminal of old', true],
])('the frame in %s', (_, isOld) => {
  it.each(sizes)('is whole around names of every script at %i×%i', async (columns, rows) => {
    rmSync(stage.preferences, { force: true });
    const insight = insightWith(isOld ? names : [...names, ...emoji]);
    stage.play({ reading: { status: 'ready', insight } });
    const terminal = open(columns, rows, isOld);
    await terminal.waitFor('0.871');
    for (const [key, mark] of [
      ['1', /\[1/],
      ['GGk', /\[1/],
      ['2', /\[2/],
      ['jjj', /\[2/],
      ['3', /\[3/],
      ['1\r', /›/],
    ] as const) {
      terminal.send(key);
      await terminal.waitFor(mark);
      // Drawn anew as a whole, too.
      terminal.send('\f');
      await terminal.waitFor(
        () => terminal.lines()[0]?.includes('0.871') === true && raggedRows(terminal).length === 0,
      );
    }
    terminal.send('q');
    await terminal.ended;
    for (const foreign of ['\u0007', '\u202E', '[31mred', '\u009B', '\u0090']) {
      expect(terminal.output()).not.toContain(foreign);
    }
    terminal.close();
  });
});
