export type DashboardTextOptions = {
  /** The history. */
  path: string;
  /** Default 30. */
  days?: number;
  /** Models ranked per task type, or quality per dollar; absent: the overview. */
  view?: 'by-task' | 'cost';
  /** Draws with ASCII characters alone. */
  ascii?: boolean;
};

/** The text that `orchestrator dashboard --plain` prints. Rejects with an `OrchestratorError`. */
export async function dashboardText(options: DashboardTextOptions): Promise<string> {
  const { path, days = 30, view = 'overview', ascii = false } = options;
  const [{ readOnce }, { renderPlainDashboard }] = await Promise.all([
    import('../commands/dashboard/print-dashboard.ts'),
    import('../dashboard/plain/index.ts'),
  ]);
  return renderPlainDashboard(readOnce(path, days).insight, { view, ascii, simulated: false });
}
