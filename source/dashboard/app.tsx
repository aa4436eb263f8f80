import { Box, Text, useApp } from 'ink';
import { useEffect, useLayoutEffect, useSyncExternalStore, type ReactNode } from 'react';
import { bodyHeight, isTooSmall, smallest, type Area } from './layout/screen.ts';
import { Body } from './panes/body.tsx';
import { Footer } from './panes/footer.tsx';
import { bannerLine, Header } from './panes/header.tsx';
import { HelpPane } from './panes/help.tsx';
import { TabBar } from './panes/tab-bar.tsx';
import type { AppState } from './state/state.ts';
import type { Store } from './state/store.ts';
import { cutEnd } from './text/fit.ts';
import type { Look } from './theme/look.ts';
import { fitLine, paint, type Line } from './theme/span.ts';

export type AppControls = ReturnType<typeof useApp>;

/** The whole program as a component: the store onto the screen. */
export function App({
  store,
  subscribe,
  lookFor,
  onReady,
  onUnmount,
}: {
  store: Store;
  /** Hears of what the screen is to show: not while the terminal takes nothing. */
  subscribe: Store['subscribe'];
  lookFor: (state: AppState) => Look;
  /** Hands out what only Ink can do: leave, suspend. */
  onReady: (controls: AppControls) => void;
  /** Called before the terminal is left, however that comes about: by a signal and a crash too. */
  onUnmount: () => void;
}): ReactNode {
  const controls = useApp();
  const state = useSyncExternalStore(subscribe, store.get);
  useLayoutEffect(() => onUnmount, [onUnmount]);
  useEffect(() => {
    onReady(controls);
  }, [onReady, controls]);
  return <Screen state={state} look={lookFor(state)} />;
}

/**
 * The state as a frame of exactly the terminal's size. Every pane fills its area to the column, so
 * that nothing needs to be clipped, which would take Ink a third of a frame's time.
 */
export function Screen({ state, look }: { state: AppState; look: Look }): ReactNode {
  const { columns, rows } = state.size;
  if (isTooSmall(state.size)) return <TooSmall state={state} />;
  const banner = bannerLine(state, look);
  const area: Area = { width: columns, height: bodyHeight(state.size, banner !== undefined) };
  return (
    <Box flexDirection="column" width={columns} height={rows}>
      <Header state={state} look={look} />
      <TabBar state={state} look={look} />
      {banner === undefined ? undefined : <Banner line={banner} width={columns} look={look} />}
      <Box height={area.height} width={area.width}>
        {state.isHelpOpen ? (
          <HelpPane state={state} look={look} area={area} />
        ) : (
          <Body state={state} look={look} area={area} />
        )}
      </Box>
      <Footer state={state} look={look} />
    </Box>
  );
}

function Banner({ line, width, look }: { line: Line; width: number; look: Look }): ReactNode {
  return <Text wrap="truncate">{paint(fitLine(line, width, look.glyphs.ellipsis), look)}</Text>;
}

function TooSmall({ state: { size } }: { state: AppState }): ReactNode {
  const text = `Too small: ${smallest.columns}x${smallest.rows} needed, q quits`;
  return (
    <Box width={size.columns} height={size.rows}>
      <Text wrap="truncate">{cutEnd(text, size.columns, '')}</Text>
    </Box>
  );
}
