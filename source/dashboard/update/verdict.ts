import { defined } from '../../domain/defined.ts';
import { askedWith } from '../state/asking.ts';
import { selectedTask, selectedTaskReport } from '../state/lists.ts';
import { openRunView, type AppState } from '../state/state.ts';
import type { Update } from './action.ts';

/** A verdict is recorded when its key comes twice: what is recorded is history. `null` takes back the last. */
export function judged(state: AppState, value: 0 | 1 | null): Update {
  const taskId = selectedTask(state)?.id;
  const projectId = openRunView(state)?.projectId;
  if (taskId === undefined || projectId === undefined) return { state, effects: [] };
  const { verdict, ...rest } = state;
  if (value === null) {
    if (verdict === undefined) return { state, effects: [] };
    const effect = { type: 'record-outcome', projectId, taskId: verdict.taskId, value } as const;
    return { state: rest, effects: [effect] };
  }
  const isMeant = verdict?.taskId === taskId && verdict.value === value && !verdict.isRecorded;
  if (isMeant) {
    return {
      state: { ...state, verdict: { taskId, value, isRecorded: true } },
      effects: [
        {
          type: 'record-outcome',
          projectId,
          taskId,
          value,
          ...defined({ sampled: askedWith(state) }),
        },
      ],
    };
  }
  const [key, word] = value === 1 ? ['g', 'good'] : ['b', 'bad'];
  return {
    state: {
      ...state,
      verdict: { taskId, value, isRecorded: false },
      message: `Press ${key} once more to record that ${taskId} is ${word}: routing learns from it.`,
    },
    effects: [],
  };
}

/** A verdict counts only when its key comes twice without another between. */
export function withoutPendingVerdict(state: AppState): AppState {
  const { verdict, ...rest } = state;
  return verdict?.isRecorded === false ? rest : state;
}

/** The result file of the task, in a program of the user's. */
export function showFile(state: AppState): Update {
  const file = selectedTaskReport(state)?.file ?? undefined;
  return file === undefined
    ? { state: { ...state, message: 'There is no result file of this task.' }, effects: [] }
    : { state, effects: [{ type: 'show-file', path: file }] };
}
