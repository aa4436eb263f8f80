import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { dateBack } from '../../../source/commands/demo/date-back.ts';
import { listRuns } from '../../../source/engine/index.ts';
import { storyEnds, runStory } from '../../support/run-story.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const day = 86_400;

function journalOf(text: string) {
  const directory = temporaryDirectory();
  mkdirSync(join(directory, 'p-1'), { mode: 0o700 });
  const path = join(directory, 'p-1', 'events.jsonl');
  writeFileSync(path, text, { mode: 0o600 });
  return { directory, path };
}

it('lists a run that was dated back on its own day, and everything else as it was', () => {
  const events = storyEnds(runStory());
  const { directory, path } = journalOf(
    `${events.map((event) => JSON.stringify(event)).join('\n')}\n`,
  );
  const now = (events.at(-1)?.at ?? 0) + 60;
  const [before] = listRuns({ directory, now });
  dateBack(
    path,
    events.map(({ at }) => at - 3 * day),
  );
  const [after] = listRuns({ directory, now });
  expect(after).toEqual({ ...before, startedAt: (before?.startedAt ?? 0) - 3 * day });
  const moved = readFileSync(path, 'utf8').trim().split('\n');
  expect(moved.map((line): number => JSON.parse(line).at)).toEqual(
    events.map(({ at }) => at - 3 * day),
  );
});

it.each(['', '{"type":"run-started"', 'no journal\n'])('leaves %j as it is', (text) => {
  const { path } = journalOf(text);
  dateBack(path, [day]);
  expect(readFileSync(path, 'utf8')).toBe(text);
});
