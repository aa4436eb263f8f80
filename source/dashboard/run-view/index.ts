export { showRun } from './show-run.ts';
