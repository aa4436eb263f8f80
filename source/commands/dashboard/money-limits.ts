import { usualAskShare } from '../../domain/asking.ts';
import { defined } from '../../domain/defined.ts';
import { OrchestratorError } from '../../domain/errors.ts';
import type { MoneyLimits } from '../../domain/month-spend.ts';

export type ConfigurationPlace = {
  /** Of the file that was named. */
  configPath: string | undefined;
  workingDirectory: string;
  environment: NodeJS.ProcessEnv;
  /** The simulator's money is nobody's. */
  simulated: boolean;
};

/**
 * What the configuration in force says of money; one that was merely found and cannot be read says nothing.
 *
 * @throws OrchestratorError where a configuration that was named cannot be read.
 */
export async function moneyLimits({
  configPath,
  simulated,
  ...place
}: ConfigurationPlace): Promise<MoneyLimits> {
  if (simulated) return {};
  // Loaded only now: most views need no configuration.
  const { loadConfiguration } = await import('../configuration/load.ts');
  try {
    const { monthBudgetUsd, supervision } = await loadConfiguration({ ...place, path: configPath });
    return defined({
      monthBudgetUsd,
      supervisionShare: supervision.maxShare,
      askShare: supervision.ask ?? usualAskShare,
    });
  } catch (error) {
    if (configPath !== undefined || !(error instanceof OrchestratorError)) throw error;
    return {};
  }
}
