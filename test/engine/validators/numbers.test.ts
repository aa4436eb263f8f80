import { expect, it, onTestFinished } from 'vitest';
import { createInspector } from '../../../source/engine/inspection/inspector.ts';
import { validate, validatorSchema } from '../../../source/engine/validators/index.ts';

it('gives a command 60 seconds unless it asks for others, an hour at most', () => {
  const command = (more: object) => validatorSchema.safeParse({ command: 'true', ...more });
  expect(command({}).data).toMatchObject({ timeoutSeconds: 60 });
  expect(command({ timeoutSeconds: 3600 }).success).toBe(true);
  expect(command({ timeoutSeconds: 3601 }).success).toBe(false);
  expect(command({ home: 'real' }).data).toMatchObject({ home: 'real' });
  expect(command({ home: '/etc' }).success).toBe(false);
});

it('gives a parser three seconds', async () => {
  const { inspect, close } = createInspector();
  onTestFinished(close);
  const text = `${'a?(b):c=>'.repeat(40)}d`;
  expect(await inspect('syntax', { text, language: 'javascript' })).toMatchObject({
    reason: 'timed-out',
    message: 'it took longer than 3 s',
  });
});

it('says ten sentences about the code of one answer, and eight about its JSON', async () => {
  const options = { taskType: 'code_generation', secrets: [] };
  const say = (spec: Parameters<typeof validate>[0][number], output: string) =>
    validate([spec], output, options);
  for (const [fence, wrong] of [
    ['js', 'let a = ;'],
    ['py', 'a = ('],
  ]) {
    const output = `\`\`\`${fence}\n${wrong}\n\`\`\`\n`.repeat(20);
    expect(await say({ kind: 'code' }, output)).toHaveLength(10);
  }
  const schema = { items: { type: 'string' } };
  const list = JSON.stringify(Array.from({ length: 20 }, (_, index) => index));
  expect(await say({ kind: 'json-schema', schema }, list)).toHaveLength(8);
});

it('parses all Python of an answer in one process, whose end is not the answer’s fault', async () => {
  const skipped: string[] = [];
  const path = process.env['PATH'];
  process.env['PATH'] = '/nonexistent';
  onTestFinished(() => {
    process.env['PATH'] = path;
  });
  const problems = await validate([{ kind: 'python' }], 'a = (', {
    taskType: 'code_generation',
    secrets: [],
    onSkipped: (message) => skipped.push(message),
  });
  expect(problems).toEqual([]);
  expect(skipped).toEqual([expect.stringContaining('python3 could not be run: install it')]);
});
