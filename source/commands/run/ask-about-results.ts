import { shellWord } from '../../domain/command-lines.ts';
import type { RunState } from '../../domain/run-state.ts';
import { cleanText } from '../../dashboard/text/width.ts';
import type { CommandContext } from '../command-line/specification.ts';
import { askProbability, isAnswered, pickedResults } from '../shared/picked-results.ts';

/** Results that are asked about one by one; of others a run of many tasks says how many there are. */
const mostNamed = 3;

/**
 * What the end of a run asks: of a few results, picked at random, whether they are good, with the command that
 * says so. Nothing waits for an answer; nothing is asked where no person reads it.
 */
export function questionsAbout(
  state: RunState,
  share: number | undefined,
  context: Pick<CommandContext, 'stdin' | 'stdout' | 'environment'>,
): string[] {
  const probability = askProbability(share);
  const asked = isAnswered(context) ? pickedResults(state, probability) : [];
  const lines = asked.slice(0, mostNamed).map((task) => {
    const name = shellWord(cleanText(`${state.projectId}/${task.id}`));
    return `Was ${cleanText(task.id)} good? Picked at random: orchestrator outcome ${name} good --sampled ${probability} (or bad)`;
  });
  const more = asked.length - lines.length;
  return more > 0
    ? [...lines, `${more} more were picked: orchestrator outcome asks about them.`]
    : lines;
}
