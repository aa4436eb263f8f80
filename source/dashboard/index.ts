export type { DashboardOptions, RunArchive } from './options.ts';
export { runDashboard } from './run-dashboard.tsx';
