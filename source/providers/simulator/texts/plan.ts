import type { Random } from '../../../domain/runtime.ts';
import type { TaskSpec } from '../../../domain/run-event.ts';
import type { BuiltInTaskType } from '../../../domain/task-type.ts';
import { pickSome } from '../rng.ts';

type Step = { id: string; type: BuiltInTaskType; prompt: string; after?: readonly string[] };

/** What projects are made of; `{project}` stands for the project's own words. */
const steps: readonly Step[] = [
  {
    id: 'facts',
    type: 'data_extraction',
    prompt: 'Extract the facts that matter, as JSON: {project}',
  },
  {
    id: 'approach',
    type: 'complex_reasoning',
    prompt: 'Work out the best approach: {project}',
    after: ['facts'],
  },
  {
    id: 'build',
    type: 'code_generation',
    prompt: 'Write the central module: {project}',
    after: ['approach'],
  },
  {
    id: 'tools',
    type: 'code_generation',
    prompt: 'Write the helpers around it: {project}',
    after: ['approach'],
  },
  {
    id: 'review',
    type: 'code_review',
    prompt: 'Review the code for defects: {project}',
    after: ['build', 'tools'],
  },
  {
    id: 'risks',
    type: 'complex_reasoning',
    prompt: 'Weigh the risks and what would contain them: {project}',
    after: ['facts'],
  },
  {
    id: 'inventory',
    type: 'data_extraction',
    prompt: 'List every name, amount and date, as JSON: {project}',
  },
  {
    id: 'brief',
    type: 'summarization',
    prompt: 'Sum up the situation for someone new: {project}',
    after: ['facts'],
  },
  {
    id: 'announcement',
    type: 'creative_writing',
    prompt: 'Write the announcement: {project}',
    after: ['brief'],
  },
  {
    id: 'story',
    type: 'creative_writing',
    prompt: 'Tell what it will be like to use it: {project}',
  },
  {
    id: 'digest',
    type: 'summarization',
    prompt: 'Sum up what was decided and why: {project}',
    after: ['approach', 'risks'],
  },
  {
    id: 'audit',
    type: 'code_review',
    prompt: 'Audit the code for security: {project}',
    after: ['build'],
  },
  {
    id: 'verdict',
    type: 'evaluation',
    prompt: 'Evaluate the results against the criteria: {project}',
    after: ['review', 'digest', 'announcement', 'build', 'brief'],
  },
  {
    id: 'comparison',
    type: 'evaluation',
    prompt: 'Compare the result with its alternatives: {project}',
    after: ['approach'],
  },
];

/** A plan of so many tasks that can be carried out: unique ids, no circles. */
export function planTasks(options: {
  project: string;
  random: Random;
  size: number;
}): Omit<TaskSpec, 'validators'>[] {
  const { project, random, size } = options;
  const words = project.replaceAll(/\s+/g, ' ').trim();
  const subject = words.length > 300 ? `${words.slice(0, 299)}…` : words;
  const rounds = Math.ceil(size / steps.length);
  return Array.from({ length: rounds }, (_, round) => {
    const suffix = round === 0 ? '' : `-${round + 1}`;
    const count = Math.min(steps.length, size - round * steps.length);
    const chosen = new Set(pickSome(random, steps, count).map(({ id }) => id));
    return steps
      .filter(({ id }) => chosen.has(id))
      .map(({ id, type, prompt, after = [] }) => ({
        id: `${id}${suffix}`,
        type,
        prompt: `${prompt.replace('{project}', subject)}${round === 0 ? '' : ` (part ${round + 1})`}`,
        dependsOn: after.filter((each) => chosen.has(each)).map((each) => `${each}${suffix}`),
      }));
  }).flat();
}
