import { readPrompt, type Prompt } from '../../domain/prompts.ts';
import type { Random } from '../../domain/runtime.ts';
import type { TaskType } from '../../domain/task-type.ts';
import { clamp, rngFor, hashOf, normal } from './rng.ts';
import { readScoreToken, scoreToken } from './score-token.ts';
import { codeText } from './texts/code.ts';
import { dataText } from './texts/data.ts';
import { readRequirements } from './texts/requirements.ts';
import { planTasks } from './texts/plan.ts';
import { critiqueText, proseText } from './texts/prose.ts';
import type { SimulatedModel, Fixtures } from './fixtures.ts';

export type SimulatedQuestion = {
  model: SimulatedModel;
  prompt: Prompt;
  /** How often this very question was asked before: asking again may be answered otherwise. */
  repetition: number;
  day: number;
};

export type SimulatorSettings = { seed: number; fixtures: Fixtures; planSize: number };

/** How much single answers differ around a model's true quality. */
const answerSpread = 0.045;

/** Share of the way to the best it can do that a revision goes, with the best of reviews. */
const revisionStep = 0.6;

/** A model's best is this much better than its first answers. */
const roomForRevision = 0.1;

/** What a model of the simulator says. The same question on the same day is always answered the same. */
export function answer(settings: SimulatorSettings, question: SimulatedQuestion): string {
  const { seed } = settings;
  const { model, prompt, repetition, day } = question;
  const random = rngFor(seed, day, model.id, repetition, prompt.system, prompt.prompt);
  const asked = readPrompt(prompt);
  const taskType = asked?.taskType ?? 'summarization';
  const instructions = asked?.section('task') ?? prompt.prompt;
  const required = asked?.section('requirements') ?? '';
  const truth = settings.fixtures.quality(model.id, taskType, day);
  const written = (quality: number): string => {
    const malformed = random() < model.malformedRate;
    return taskText({ seed, model, taskType, instructions, required, random, quality, malformed });
  };
  switch (asked?.role) {
    case 'planner': {
      const project = asked.section('project') ?? prompt.prompt;
      return JSON.stringify({ tasks: planOf({ seed, project, size: settings.planSize }) });
    }
    case 'critic': {
      const token = scoreToken(
        seed,
        clamp(normal(random, truth, answerSpread), 0.02, 0.99),
        nonceOf(random),
      );
      return critiqueText({ taskType, instructions, model: model.id, random, token });
    }
    case 'judge':
      return judgement({ settings, question, random, answered: asked.section('answer') ?? '' });
    case 'reviser': {
      const before = readScoreToken(seed, asked.section('answer') ?? '') ?? truth;
      const review = readScoreToken(seed, asked.section('review') ?? '') ?? 0.3;
      const best = Math.min(0.99, truth + roomForRevision);
      const gain = Math.max(0, best - before) * revisionStep * review;
      return written(normal(random, before + gain, answerSpread / 3));
    }
    case 'generator':
    case undefined: {
      return written(normal(random, truth, answerSpread));
    }
  }
}

/** Every model plans alike: what is to be learned lies in the tasks. */
export function planOf({ seed, project, size }: { seed: number; project: string; size: number }) {
  return planTasks({ project, random: rngFor(seed, 'plan', project), size });
}

/** What a judge of the simulator says with a score. */
export const verdictText = (score: number): string =>
  JSON.stringify({
    reasoning: `Simulated: ${score >= 0.85 ? 'meets the task with small flaws' : score >= 0.65 ? 'usable, with gaps' : 'misses much of the task'}.`,
    score: Math.round(score * 1000) / 1000,
  });

export const nonceOf = (random: Random): number => Math.floor(random() * 256);

/** An answer of a model of the simulator; as long as its manner has it where no length is given. */
export function taskText(options: {
  seed: number;
  model: SimulatedModel;
  taskType: TaskType;
  instructions: string;
  required: string;
  random: Random;
  quality: number;
  malformed: boolean;
  paragraphs?: number;
}): string {
  const { seed, model, taskType, instructions, required, random, quality, malformed } = options;
  const token = scoreToken(seed, clamp(quality, 0.02, 0.99), nonceOf(random));
  const { paragraphs = Math.max(1, Math.round((1 + random() * 2) * model.verbosity)) } = options;
  const requirements = readRequirements(required);
  const shared = { random, token, paragraphs, requirements };
  if (requirements.json || taskType === 'data_extraction') {
    return dataText({ ...shared, instructions, malformed });
  }
  if (taskType === 'code_generation') {
    // The language may be named in either.
    return codeText({ ...shared, instructions: `${instructions}\n${required}`, malformed });
  }
  return proseText({ ...shared, instructions, taskType, model: model.id });
}

/** The truth about an answer as this judge sees it. */
function judgement(options: {
  settings: SimulatorSettings;
  question: SimulatedQuestion;
  random: Random;
  answered: string;
}): string {
  const { settings, question, random, answered } = options;
  const { model, day } = question;
  // A text without a score token is none of the simulator's: as good as its characters make it.
  const quality = readScoreToken(settings.seed, answered) ?? 0.4 + (hashOf(answered) % 200) / 1000;
  const skill = settings.fixtures.quality(model.id, 'evaluation', day);
  const seen = quality + (model.leniency ?? 0);
  const score = clamp(normal(random, seen, 0.008 + 0.06 * (1 - skill)), 0, 1);
  const verdict = verdictText(score);
  const manner = random();
  if (manner < model.malformedRate / 6) return 'Simulated: I would call it good.';
  return manner < 0.1 ? `Here is my grade:\n\`\`\`json\n${verdict}\n\`\`\`` : verdict;
}
