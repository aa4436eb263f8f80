import { OrchestratorError } from '../../domain/errors.ts';
import type { Command } from '../command-line/specification.ts';

export const command: Command = () =>
  Promise.reject(new OrchestratorError('absent', 'This command is not built yet: wait for it.'));
