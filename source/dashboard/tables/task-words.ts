import type { TaskPhase } from '../../domain/run-event.ts';
import type { RunState, TaskState } from '../../domain/run-state.ts';
import { standardOf } from '../../domain/task-standard.ts';
import { formatElapsed, formatLatency } from '../format/index.ts';
import type { Standings, TaskStanding } from '../../domain/task-standing.ts';
import { markOf } from './task-marks.ts';
import type { RenderStyle } from '../theme/render-style.ts';

type PhaseWords = {
  word: string;
  /** Where somebody is named who does it. */
  by?: string;
  spoken: string;
};

/** What a task does in a phase. */
export const phaseWords: Record<TaskPhase, PhaseWords> = {
  generate: { word: 'generating', spoken: 'generating' },
  critique: { word: 'critic reads', by: 'critique', spoken: 'being criticised' },
  revise: { word: 'revising', spoken: 'being revised' },
  validate: { word: 'checking', spoken: 'being checked' },
  judge: { word: 'judging', by: 'judged', spoken: 'being judged' },
};

/** What a task does, or how it stands, in a few words. */
export function standingWords(
  task: TaskState,
  run: RunState,
  standings: Standings,
  style: RenderStyle,
): string {
  const standing = standings.of(task);
  switch (standing) {
    case 'running': {
      return workWords(task);
    }
    case 'waiting': {
      const open = task.dependsOn.filter((id) => isOpen(run.tasks.get(id)));
      return open.length === 0 ? 'ready' : `waits for ${open.join(', ')}`;
    }
    case 'skipped': {
      return `skipped: ${standings.failedBefore(task).join(', ')} failed`;
    }
    case 'accepted':
    case 'best-effort': {
      // Of what is only recorded, a score that was enough tells that its checks were not passed.
      if (run.elsewhere !== undefined && run.elsewhere.machine === undefined) {
        if (standing === 'accepted') return 'done';
        const { acceptAt } = standardOf(task.type);
        if ((task.score ?? acceptAt) >= acceptAt) return 'checks failed';
      }
      return markOf(standing, style.ascii).word;
    }
    case 'failed':
    case 'interrupted':
    case 'not-finished': {
      return markOf(standing, style.ascii).word;
    }
  }
}

/** The phase of a running task, and who works if that is not the author. */
export function workWords({ phase, model, author }: TaskState): string {
  if (phase === undefined) return 'starting';
  const { word, by = word } = phaseWords[phase];
  return model === undefined || model === author ? word : `${by} by ${model}`;
}

const isOpen = (task: TaskState | undefined): boolean =>
  task === undefined || task.status === 'waiting' || task.status === 'running';

/** How long a task took, or has been at work; nothing where that is not known. */
export function timeOf(task: TaskState, standing: TaskStanding, now: number): string {
  const { startedAt, finishedAt } = task;
  if (startedAt === undefined) return '';
  if (finishedAt !== undefined && finishedAt >= startedAt) {
    const seconds = finishedAt - startedAt;
    // As exact as its attempts, where whole seconds would be less than these took.
    return seconds < 10 ? formatLatency(seconds * 1000) : formatElapsed(seconds);
  }
  return standing === 'running' ? formatElapsed(now - startedAt) : '';
}
