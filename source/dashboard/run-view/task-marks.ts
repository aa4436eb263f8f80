import type { TaskState } from '../../domain/run-state.ts';
import type { Role } from '../theme/index.ts';

type Mark = { unicode: string; ascii: string; role: Role; word: string };

/** How the state of a task looks and what it is called; the sign never stands without the word. */
const marks: Record<TaskState['status'], Mark> = {
  waiting: { unicode: '·', ascii: '.', role: 'muted', word: 'waiting' },
  running: { unicode: '▸', ascii: '>', role: 'accent', word: 'running' },
  accepted: { unicode: '✓', ascii: 'v', role: 'good', word: 'accepted' },
  'best-effort': { unicode: '~', ascii: '~', role: 'warn', word: 'best effort' },
  failed: { unicode: '✗', ascii: 'x', role: 'bad', word: 'failed' },
};

export function markOf(status: TaskState['status'], ascii: boolean): Mark & { sign: string } {
  const mark = marks[status];
  return { ...mark, sign: ascii ? mark.ascii : mark.unicode };
}
