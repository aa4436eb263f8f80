import type { AppState } from './state.ts';

/** What a project is called, where a run of this machine says so. */
export function projectName({ runs, pastRuns }: AppState, projectId: string): string | undefined {
  const run = [...runs, ...pastRuns].find((one) => one.projectId === projectId);
  return run?.project === '' ? undefined : run?.project;
}
