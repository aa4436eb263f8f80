import type { RoleUsage } from '../../domain/role-usage.ts';
import { formatCount, formatPlural } from './numbers.ts';

/** `1,240 tokens in (1,024 cached), 512 out (320 reasoning)`; of what nobody reported that it is not known. */
export function tokenWords(
  { calls, untold, tokens }: Pick<RoleUsage, 'calls' | 'untold' | 'tokens'>,
  form: 'long' | 'short' = 'long',
): string {
  if (untold === calls) return 'tokens not reported';
  const { input, cached, output, reasoning } = tokens;
  const part = (count: number, word: string): string =>
    count > 0 && form === 'long' ? ` (${formatCount(count)} ${word})` : '';
  const unit = form === 'long' ? ' tokens' : '';
  const words = `${formatCount(input)}${unit} in${part(cached, 'cached')}, ${formatCount(output)} out${part(reasoning, 'reasoning')}`;
  return untold === 0 ? words : `${words}, ${formatPlural(untold, 'call')} not reported`;
}
