import { Text } from 'ink';
import { useSyncExternalStore } from 'react';
import { paint, type RenderStyle } from '../theme/index.ts';
import type { RunScreenStore } from './run-screen-store.ts';
import { runLines } from './run-lines.ts';

export function RunView({
  store,
  style,
}: {
  store: Pick<RunScreenStore, 'get' | 'subscribe'>;
  style: RenderStyle;
}) {
  const { state, now, size } = useSyncExternalStore(store.subscribe, store.get);
  const lines = runLines(state, now, size, style);
  return <Text wrap="truncate">{lines.map((line) => paint(line, style)).join('\n')}</Text>;
}
