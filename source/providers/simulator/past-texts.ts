import type { ModelCall } from '../../domain/model-call.ts';
import { nonceOf, taskText, verdictText } from './answer.ts';
import { charactersPerToken } from './completion.ts';
import type { Fixtures } from './fixtures.ts';
import type { PastTask } from './past.ts';
import { rngFor } from './rng.ts';
import { scoreToken } from './score-token.ts';
import { critiqueText } from './texts/prose.ts';

/** The longest answer that is tried, in paragraphs. */
const mostParagraphs = 8;

/** What was written in each call of an attempt: what its tokens, its score and its checks say it must have been. */
export function pastTexts(
  { seed, fixtures, run }: { seed: number; fixtures: Fixtures; run: number },
  { spec, attempts }: PastTask,
  index: number,
): string[] {
  const { score = 0, passed = true, calls = [] } = attempts[index] ?? {};
  const { type: taskType, prompt: instructions } = spec;
  /** Anew for each length, so that a longer text goes on from a shorter one. */
  const random = () => rngFor(seed, 'past texts', run, spec.id, index);
  const answerOf = ({ model: id, outputTokens = 0 }: ModelCall): string => {
    const model = fixtures.models.find((one) => one.id === id);
    if (model === undefined) return '';
    const wanted = outputTokens * charactersPerToken;
    const shared = { seed, model, taskType, instructions, required: '', quality: score };
    let text = '';
    for (let paragraphs = 1; paragraphs <= mostParagraphs; paragraphs += 1) {
      const next = taskText({ ...shared, random: random(), malformed: !passed, paragraphs });
      if (text !== '' && Math.abs(next.length - wanted) > Math.abs(text.length - wanted)) break;
      text = next;
    }
    return text;
  };
  return calls.map((call): string => {
    if (call.role === 'judge') return verdictText(call.score ?? 0);
    if (call.role !== 'critic') return answerOf(call);
    const own = rngFor(seed, 'past critique', run, spec.id, index);
    const token = scoreToken(seed, score, nonceOf(own));
    return critiqueText({ taskType, instructions, model: call.model, random: own, token });
  });
}
