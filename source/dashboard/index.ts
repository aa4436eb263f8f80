export type { DashboardOptions } from './options.ts';
export { runDashboard } from './run-dashboard.tsx';
