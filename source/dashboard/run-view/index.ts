export { showRun, type RunScreenHandle } from './show-run.ts';
