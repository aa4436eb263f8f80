import { Text } from 'ink';
import { useSyncExternalStore } from 'react';
import { paint, type Look } from '../theme/index.ts';
import type { RunScreenStore } from './run-screen-store.ts';
import { runLines } from './run-lines.ts';

export function RunView({
  store,
  look,
}: {
  store: Pick<RunScreenStore, 'get' | 'subscribe'>;
  look: Look;
}) {
  const { state, now, size } = useSyncExternalStore(store.subscribe, store.get);
  const lines = runLines(state, now, size, look);
  return <Text wrap="truncate">{lines.map((line) => paint(line, look)).join('\n')}</Text>;
}
