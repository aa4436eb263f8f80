import { seededRandom } from './runtime.ts';
import type { TaskState } from './task-state.ts';

/** The share of results about which a person is asked whether they are good, unless the configuration says otherwise. */
export const usualAskShare = 0.05;

/**
 * Whether a person is asked if this result is good: pseudo-random with this probability, seeded by its name, so
 * that every view asks about the same results. What is found of such results says how far judges are off, since nobody chose them.
 */
export function isAskedAbout(projectId: string, taskId: string, share: number): boolean {
  return seededRandom(hashOf(`${projectId}\0${taskId}`))() < share;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01_00_01_93);
  }
  return hash >>> 0;
}

/** Whether there is something to ask of a task: it has a result that somebody judged. */
export function canBeAskedAbout({ status, score }: Pick<TaskState, 'status' | 'score'>): boolean {
  return (status === 'accepted' || status === 'best-effort') && score !== undefined;
}
