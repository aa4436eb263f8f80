import { cleanText } from '../text/width.ts';
import { folded } from '../text/fuzzy.ts';
import type { AppState } from './state.ts';

/** Whether any of these texts holds what the list is filtered by; all do without a filter. */
export function matches(
  { filter }: Pick<AppState, 'filter'>,
  ...texts: readonly string[]
): boolean {
  const wanted = folded(cleanText(filter));
  return wanted === '' || texts.some((text) => folded(cleanText(text)).includes(wanted));
}
