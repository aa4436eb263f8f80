import type { Inspection, Inspector } from '../../source/engine/inspection/inspector.ts';

const schema = {
  type: 'object',
  properties: { id: { pattern: '^(\\w+\\s?)*$' }, list: { items: { format: 'email' } } },
};

/** Asks every operation about one answer, then about good ones, which an earlier answer must not harm. */
export async function inspectAll(
  { inspect }: Inspector,
  text: string,
): Promise<{ innocent: boolean; crashed: string[]; parsersCrashed: string[]; timedOut: string[] }> {
  const limit = { timeoutMs: 250 };
  const asked: Record<string, Promise<Inspection<unknown>>> = {
    'answer-text': inspect('answer-text', { text, request: 'x' }, limit),
    judgement: inspect('judgement', { answer: text, material: text, cut: false }, limit),
    plan: inspect('plan', { answer: text, ownTaskTypes: [] }, limit),
    payload: inspect('payload', { text }, limit),
    'result-file': inspect('result-file', { text, taskType: 'data_extraction' }, limit),
    'is-json': inspect('is-json', { text }, limit),
    'missing-words': inspect('missing-words', { text, words: ['a'] }, limit),
    length: inspect('length', { text }, limit),
    'holds-secret': inspect('holds-secret', { text, secrets: ['a-secret-key'] }, limit),
    matches: inspect('matches', { text, pattern: '^(a|aa)+$', flags: '' }, limit),
    'json-schema': inspect('json-schema', { text, schema }, limit),
    fenced: inspect('syntax', { text, language: 'fenced' }, limit),
    javascript: inspect('syntax', { text, language: 'javascript' }, limit),
    typescript: inspect('syntax', { text, language: 'typescript' }, limit),
  };
  const found = await Promise.all(
    Object.entries(asked).map(async ([name, asking]) => ({ name, inspection: await asking })),
  );
  const failed = (reason: string): string[] =>
    found.flatMap(({ name, inspection }) =>
      !inspection.ok && inspection.reason === reason ? [`${name}: ${inspection.message}`] : [],
    );
  const good = await Promise.all([
    inspect('syntax', { text: 'export const one: number = 1;', language: 'typescript' }),
    inspect('json-schema', { text: '{"id": "a"}', schema }),
  ]);
  const [code, json] = good;
  const innocent =
    code?.ok &&
    'problems' in code.value &&
    code.value.problems.length === 0 &&
    json?.ok &&
    'kind' in json.value &&
    json.value.kind === 'fits';
  const all = failed('crashed');
  return {
    innocent,
    crashed: all.filter((name) => !isParser(name)),
    parsersCrashed: all.filter(isParser),
    timedOut: failed('timed-out'),
  };
}

/** A parser that does not survive an answer says nothing of it, and is started anew. */
function isParser(failure: string): boolean {
  return /^(?:fenced|javascript|typescript):/.test(failure);
}
