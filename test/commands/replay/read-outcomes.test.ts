import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOutcomes } from '../../../source/commands/replay/read-outcomes.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'replay-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(text: string, name = 'outcomes.csv') {
  const path = join(folder, name);
  await writeFile(path, text);
  return readOutcomes(path);
}

/** The one sentence about a bad file, without the folder. */
async function complaint(text: string): Promise<string> {
  return read(text).then(
    () => 'no complaint',
    (error: unknown) =>
      String(error).replaceAll(`${folder}/`, '').replace('OutcomeFileError: ', ''),
  );
}

const header = 'item_id,task_type,model,score,cost_usd,latency_ms';
const rows = ['1,code,a,0.5,0.01,900', '1,code,b,1,,', '2,code,a,0,0.02,800', '2,code,b,1,0,700'];
const csv = [header, ...rows, ''].join('\n');

describe('a file of outcomes', () => {
  it('is read into one number per item and model', async () => {
    const outcomes = await read(csv);
    expect(outcomes).toMatchObject({ models: ['a', 'b'], taskTypes: ['code'], itemCount: 2 });
    expect(outcomes.score(0, 0)).toBe(0.5);
    expect(outcomes.costUsd(1, 0)).toBe(0.02);
    expect(outcomes.latencyMs(1, 1)).toBe(700);
  });

  it('takes an unknown cost as unknown, and a cost of zero as free', async () => {
    const outcomes = await read(csv);
    expect(outcomes.costUsd(0, 1)).toBeNaN();
    expect(outcomes.costUsd(1, 1)).toBe(0);
  });

  it.each([
    ['a byte-order mark', `\u{FEFF}${csv}`],
    ['CRLF', csv.replaceAll('\n', '\r\n')],
    ['empty lines', csv.replaceAll('\n', '\n\n')],
    ['rows of separators alone', `,,,,,\n${csv}${',,,,,\n'.repeat(3)}`],
    ['empty cells behind the last column', csv.replaceAll('\n', ',,\n').replace(',,\n', '\n')],
    ['no end of line at the end', csv.trimEnd()],
    ['quotes', csv.replaceAll('code', '"code"')],
  ])('may have %s', async (_, text) => {
    const outcomes = await read(text);
    expect(outcomes).toMatchObject({ models: ['a', 'b'], taskTypes: ['code'], itemCount: 2 });
    expect(outcomes.score(0, 1)).toBe(1);
  });

  it('may name its columns in any order, and have more of them', async () => {
    const outcomes = await read('note,score,model,task_type,item_id\nx,0.25,a,t,1\ny,0.75,b,t,1\n');
    expect([outcomes.score(0, 0), outcomes.score(0, 1)]).toEqual([0.25, 0.75]);
  });

  it('may be JSON Lines', async () => {
    const line = (model: string, score: number) =>
      JSON.stringify({ item_id: 7, task_type: 't', model, score, cost_usd: null, more: true });
    const outcomes = await read(`\u{FEFF}${line('a', 0.1)}\r\n\n${line('b', 1)}`, 'outcomes.jsonl');
    expect(outcomes).toMatchObject({ models: ['a', 'b'], taskTypes: ['t'], itemCount: 1 });
    expect(outcomes.score(0, 0)).toBe(0.1);
    expect(outcomes.costUsd(0, 0)).toBeNaN();
  });

  it('may lack outcomes: they are not a number', async () => {
    const outcomes = await read([header, ...rows.slice(0, 3)].join('\n'));
    expect(outcomes.score(1, 1)).toBeNaN();
  });

  it('may use one name for items of two task types', async () => {
    const outcomes = await read(`${header}\n1,x,a,1,,\n1,y,a,0,,\n1,x,b,1,,\n1,y,b,0,,\n`);
    expect(outcomes.itemCount).toBe(2);
  });

  it('keeps thousands of items apart', async () => {
    const many = Array.from({ length: 3000 }, (_, item) =>
      ['t', 'u', 'v'].map((type) => `${item},${type},a,1,,\n${item},${type},b,0,,`),
    ).flat();
    const outcomes = await read([header, ...many].join('\n'));
    expect(outcomes.itemCount).toBe(9000);
    expect(outcomes.score(2999, 0)).toBe(1);
    expect(outcomes.score(2999, 1)).toBe(0);
  });
});

describe('a file of outcomes as other programs write it', () => {
  const plain = 'item_id,task_type,model,score,cost_usd\n1,t,a,0.5,0.25\n1,t,b,1,\n';
  const semicolons = plain.replaceAll(',', ';');
  const decimalCommas = semicolons.replaceAll('.', ',');
  const array =
    '[\n {"item_id": "1", "task_type": "t", "model": "a", "score": 0.5, "cost_usd": 0.25},\n {"Item ID": 1, "taskType": "t", "MODEL": "b",\n  "score": 1, "cost_usd": NaN, "note": "]}\\"{["}]\n';
  it.each<[string, string | Buffer]>([
    ['semicolons', semicolons],
    ['semicolons and decimal commas', decimalCommas],
    ['the line sep=;', `sep=;\r\n${decimalCommas.replaceAll('\n', '\r\n')}`],
    ['a quoted "sep=;"', `"sep=;"\n${semicolons}`],
    ['tabs', plain.replaceAll(',', '\t')],
    ['sep= and a tab', `sep=\t\n${plain.replaceAll(',', '\t')}`],
    ['bars', plain.replaceAll(',', '|')],
    ['UTF-16', Buffer.from(`\uFEFF${plain.replaceAll(',', '\t')}`, 'utf16le')],
    ['UTF-16, the other way round', Buffer.from(`\uFEFF${plain}`, 'utf16le').swap16()],
    ['a header in other words', plain.replace('item_id,task_type', 'Item ID,"taskType"')],
    ['NA for what is not known', plain.replace('1,\n', '1,NA\n')],
    ['an array of JSON', array],
    ['the same on one line', array.replaceAll('\n', '')],
    [
      'NaN in JSON Lines',
      '{"item_id":1,"task_type":"t","model":"a","score":0.5,"cost_usd":0.25}\r\n\r\n{"item_id":1,"task_type":"t","model":"b","score":1,"cost_usd":NaN}',
    ],
  ])('may have %s', async (_, content) => {
    const path = join(folder, 'other.csv');
    await writeFile(path, content);
    const outcomes = await readOutcomes(path);
    expect(outcomes).toMatchObject({ models: ['a', 'b'], itemCount: 1 });
    expect([outcomes.score(0, 0), outcomes.score(0, 1)]).toEqual([0.5, 1]);
    expect([outcomes.costUsd(0, 0), outcomes.costUsd(0, 1)]).toEqual([0.25, Number.NaN]);
  });

  it.each<[string, string | Buffer, RegExp]>([
    [
      'another encoding',
      Buffer.from(plain.replace('a,', '\u00e9,'), 'latin1'),
      /is not text in UTF-8; save it as/,
    ],
    ['an array that ends too early', '[{"item_id":1,', /the array is never closed/],
    ['an array of numbers', '[1, 2]', /line 1: this is not a JSON object/],
    ['something behind the array', '[] x', /something follows the array/],
    [
      'a score that is not a number',
      `${plain}2,t,a,NaN,\n`,
      /line 4, column 4 \(score\): there is no score here/,
    ],
    ['one endless line', 'x'.repeat(3_000_000), /longer than 1000000 characters/],
    [
      'one endless line of JSON',
      `{"a": "${'x'.repeat(3_000_000)}`,
      /longer than 1000000 characters/,
    ],
    ['one endless object', `[{"a": "${'x'.repeat(3_000_000)}`, /longer than 1000000 characters/],
    ['only zeros', Buffer.alloc(3_000_000), /outcomes|header|longer/],
  ])('names the cause: %s', async (_, content, cause) => {
    const path = join(folder, 'odd.csv');
    await writeFile(path, content);
    await expect(readOutcomes(path)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(cause),
    });
  });

  it('waits for no FIFO, and reads no device', async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    for (const path of [fifo, '/dev/zero']) {
      await expect(readOutcomes(path)).rejects.toMatchObject({
        code: 'unreadable',
        message: `${path} is no regular file; name a file of outcomes.`,
      });
    }
  });
});

describe('a bad file of outcomes is reported in one sentence with its place', () => {
  it.each([
    [
      `${header}\n1,code,a,1.5,,`,
      'outcomes.csv, line 2, column 4 (score): "1.5" is not a score between 0 and 1; correct it.',
    ],
    [
      `${header}\n1,code,a,,,`,
      'outcomes.csv, line 2, column 4 (score): there is no score here (""); give it one, or take the line out.',
    ],
    [
      `${header}\n1,code,a,1,free,`,
      'outcomes.csv, line 2, column 5 (cost_usd): "free" is not a number of 0 or more; correct it, or leave it empty where it is unknown.',
    ],
    [
      `${header}\n1,code,a,1,,\n1,code,a,0,,`,
      'outcomes.csv, line 3, column 1 (item_id): item 1 of code already has an outcome of a; keep one of them.',
    ],
    [
      `${header}\n1,,a,1,,`,
      'outcomes.csv, line 2, column 2 (task_type): there is no task_type here; give it one.',
    ],
    [
      `${csv}3,code,a,0.`,
      'outcomes.csv, line 6, column 5: the line has 4 columns where the header has 6; complete it or take it out.',
    ],
    [
      'item_id,model,score\n1,a,1',
      'outcomes.csv, line 1, column 4: the header lacks task_type; it must name item_id, task_type, model, score and may name cost_usd, latency_ms.',
    ],
    [
      'item_id,task_type,model,score,score\n1,t,a,1,1',
      'outcomes.csv, line 1, column 5 (score): the column is there twice; keep one of them.',
    ],
    [
      `${header}\n1,"code,a,1,,\n`,
      'outcomes.csv, line 2, column 2: a quote that was opened is never closed; close it.',
    ],
    ['', 'outcomes.csv, line 1: there is no header; begin with item_id,task_type,model,score.'],
    [header, 'outcomes.csv holds no outcomes; give it at least one item.'],
    [
      `${header}\n1,code,a,1,,`,
      "outcomes.csv holds outcomes of a only, so there is nothing to choose; add another model's.",
    ],
    [
      '{"item_id": "1", "task_type": "t", "model": "a", "score": 1}\n{"item_id": "1", "task_',
      'outcomes.csv, line 2, column 24: this is not a complete JSON object; complete the line or take it out.',
    ],
    [
      '{"item_id": "1", "task_type": "t", "model": "a", "score": 7}',
      'outcomes.csv, line 1, column 50 (score): 7 is not a score between 0 and 1; correct it.',
    ],
    [
      '{"item_id": "1", "task_type": "t", "model": "a", "score": 1}\n[1]',
      'outcomes.csv, line 2, column 1: this is not a JSON object; write one outcome per line.',
    ],
  ])('%j', async (text, sentence) => {
    expect(await complaint(text)).toBe(sentence);
  });

  it('a workbook', async () => {
    expect(await complaint('PK\u0003\u0004 and so on')).toMatch(
      /outcomes\.csv is a workbook or another archive; save its sheet as CSV UTF-8\.$/,
    );
  });

  it('a file that is not there, or is a folder', async () => {
    await expect(readOutcomes(join(folder, 'none.csv'))).rejects.toMatchObject({ code: 'missing' });
    await expect(readOutcomes(folder)).rejects.toMatchObject({ code: 'unreadable' });
  });
});
