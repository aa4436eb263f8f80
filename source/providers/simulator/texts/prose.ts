import type { Random } from '../../../domain/runtime.ts';
import type { TaskType } from '../../../domain/task-type.ts';
import { ownValue } from '../../../domain/own-value.ts';
import { pick, pickSome } from '../rng.ts';
import type { Requirements } from './requirements.ts';
import { subjectOf } from './subject.ts';

type Phrases = { heading: string; sentences: readonly [string, ...string[]] };

const phrases: Readonly<Record<string, Phrases>> = {
  code_review: {
    heading: 'Findings',
    sentences: [
      'Major: {word} is read before it is checked, so an empty input fails late and far away.',
      'Major: two callers may change {word} at once; take the lock before the read.',
      'Minor: the error about {word} is swallowed; keep its cause.',
      'Minor: {word} is computed twice per request, which shows at a thousand items.',
      'Minor: the name {word} says less than its neighbours; rename it.',
      'Question: is {word} allowed to be absent? The test for it is missing.',
    ],
  },
  complex_reasoning: {
    heading: 'Reasoning',
    sentences: [
      'Assume that {word} stays within today’s bounds; otherwise the second step fails.',
      'If {word} comes first, the rest follows without waiting.',
      'The alternative is to postpone {word}, which costs a week and saves little.',
      'The risk lies in {word}: it is the one part that cannot be undone.',
      'Weighing both, the cheaper way is good enough as long as {word} is measured.',
      'Therefore start with {word}, and decide the rest on what it shows.',
    ],
  },
  creative_writing: {
    heading: 'Draft',
    sentences: [
      'Nobody asked for {word}, and yet there it was, humming under the lamps.',
      'She turned {word} over like a coin that might still be worth something.',
      'By noon the whole street spoke of {word}, and by evening of nothing else.',
      'What remains of {word} is the quiet after a door has closed.',
      'They kept {word} in the drawer with the maps of places they meant to see.',
      'And so {word} began, as most things do, a little too early.',
    ],
  },
  summarization: {
    heading: 'Summary',
    sentences: [
      'The main point is {word}.',
      'On {word}, the text gives one number and no source.',
      'It names {word} as the reason, and says what would change it.',
      'Open is how {word} will be paid for.',
      'The decision on {word} is due next quarter.',
      'Less is said about {word} than its weight would ask for.',
    ],
  },
  evaluation: {
    heading: 'Evaluation',
    sentences: [
      'Completeness: {word} is covered, with one gap at its edge.',
      'Correctness: what is said of {word} holds where it could be checked.',
      'Clarity: {word} would gain from an example.',
      'Strength: the way {word} is kept apart from the rest.',
      'Weakness: {word} rests on an assumption that is not stated.',
      'Overall: fit for use once {word} is settled.',
    ],
  },
};

const anything: Phrases = {
  heading: 'Answer',
  sentences: [
    'First, {word}: it is what the rest depends on.',
    'Next comes {word}, in the order that was asked for.',
    'For {word} there are two ways, and the simpler one will do.',
    'What is left is {word}, which needs no more than a note.',
  ],
};

/** Text in the manner of the task type, about what the task is about. */
export function proseText(options: {
  taskType: TaskType;
  instructions: string;
  model: string;
  random: Random;
  token: string;
  paragraphs: number;
  requirements: Requirements;
}): string {
  const { taskType, instructions, model, random, token, paragraphs, requirements } = options;
  const { heading, sentences } = ownValue(phrases, taskType) ?? anything;
  const { title, words } = subjectOf(instructions);
  const [first = 'the task', ...others] = words;
  const block = (): string =>
    pickSome(random, sentences, 4)
      .map((sentence) => sentence.replace('{word}', pick(random, [first, ...others])))
      .join(' ');
  return fitted({
    head: `${heading} (simulated): ${title}`,
    blocks: Array.from({ length: paragraphs }, block),
    more: block,
    end: [...requirements.contains, signature(model, token)].join('\n'),
    requirements,
  });
}

/** As many paragraphs as the length asked for allows or needs; the end with its score token stays. */
function fitted(options: {
  head: string;
  blocks: readonly string[];
  more: () => string;
  end: string;
  requirements: Requirements;
}): string {
  const { head, blocks, more, end, requirements } = options;
  const { min = 0, max = Infinity } = requirements;
  const body = [head, ...blocks];
  const text = (): string => [...body, end].join('\n\n');
  while (text().length < min) body.push(more());
  while (text().length > max && body.length > 0) body.pop();
  return text().slice(0, max);
}

/** What a critic of the simulator finds. */
export function critiqueText(options: {
  taskType: TaskType;
  instructions: string;
  model: string;
  random: Random;
  token: string;
}): string {
  const { instructions, model, random, token } = options;
  const { words } = subjectOf(instructions);
  const points = pickSome(
    random,
    [
      `What the task says of ${words[0] ?? 'the subject'} is only touched on; say it in full.`,
      `${words[1] ?? 'One part'} is asserted without a reason; give it.`,
      'The order hides what matters; put the conclusion first.',
      'The case of no input at all is missing.',
      `The part on ${words[2] ?? 'the rest'} repeats the one before; cut it.`,
      'One number is given without its unit.',
    ],
    2 + Math.floor(random() * 3),
  );
  return [
    'Review (simulated)',
    ...points.map((point, index) => `${index + 1}. ${point}`),
    signature(model, token),
  ].join('\n');
}

function signature(model: string, token: string): string {
  return `— ${model}, ${token}`;
}
