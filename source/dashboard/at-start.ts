import { defined } from '../domain/defined.ts';
import type { loadPreferences } from './data/preferences.ts';
import type { DashboardOptions } from './options.ts';
import { initialState, openRunView, type AppState } from './state/state.ts';
import { colourDepthOf } from './theme/colour-depth.ts';
import { isUtf8Locale } from './theme/glyphs.ts';
import { themeForBackground } from './theme/palette.ts';
import { type RenderStyle, renderStyleOf } from './theme/render-style.ts';
import type { Effect } from './update/action.ts';
import type { Store } from './update/update.ts';

type Context = { options: DashboardOptions; store: Store; act: (effect: Effect) => void };

/** How long a terminal may take nothing before a run that has ended is left, in seconds. */
const stalledSeconds = 1;

/** What the first frame begins with: what flags say, then what was remembered. */
export function stateAtStart(
  options: DashboardOptions,
  preferences: ReturnType<typeof loadPreferences>,
  { columns, rows }: AppState['size'],
): AppState {
  const { flagsGiven } = options;
  const tab = flagsGiven.tab ? options.initialTab : (preferences.tab ?? options.initialTab);
  const sorts = Object.fromEntries(
    Object.entries(preferences.sorts ?? {}).filter(([, sort]) => sort !== undefined),
  );
  return initialState({
    size: { columns, rows },
    defaultDays: options.days,
    days: flagsGiven.days ? options.days : (preferences.days ?? options.days),
    isThemeChosen: preferences.theme !== undefined,
    theme: preferences.theme ?? themeForBackground(options.environment),
    simulated: options.simulated,
    path: options.reader.path,
    now: options.clock(),
    sorts,
    ...defined({ tab, run: options.watchedRun, columns: preferences.columns }),
  });
}

/** How a screen is drawn, by its theme, in the colours and characters of this terminal. */
export function createStyles({
  environment,
  ascii,
}: DashboardOptions): (state: AppState) => RenderStyle {
  const terminal = {
    depth: colourDepthOf(environment),
    ascii: ascii ?? !isUtf8Locale(environment, process.platform),
  };
  const styles = new Map<string, RenderStyle>();
  return ({ theme }) => {
    const style = styles.get(theme) ?? renderStyleOf({ theme, ...terminal });
    styles.set(theme, style);
    return style;
  };
}

/**
 * The run that the dashboard was opened for stays on the screen as it ended, with what was written; to be asked
 * at every beat.
 */
export function createWatchedRun({
  options,
  store,
  act,
  leave,
}: Context & { leave: () => void }): () => void {
  const { watchedRun, hasRunEnded, clock, stdout } = options;
  let isRead = false;
  let stalledSince: number | undefined;
  return () => {
    if (watchedRun === undefined || hasRunEnded?.() !== true) return;
    // Nobody can read it, or leave, where the terminal takes nothing: the run must end in its time.
    stalledSince = stdout.writableLength > 0 ? (stalledSince ?? clock()) : undefined;
    if (stalledSince !== undefined && clock() - stalledSince >= stalledSeconds) leave();
    if (isRead) return;
    isRead = true;
    act({ type: 'list-runs' });
    act({ type: 'read-run', projectId: watchedRun });
    store.dispatch({
      type: 'message',
      message: 'The run has ended. q leaves, Enter opens a task.',
    });
  };
}

/** Reads anew what is shown of runs on other machines when there is news of them. */
export function followNews({ options, store, act }: Context): void {
  options.runArchive?.onNews?.(() => {
    const { tab, openRun: run } = store.get();
    if (tab === 'runs') act({ type: 'list-runs' });
    const open = openRunView(store.get())?.projectId;
    if (open === undefined || (run !== undefined && run.elsewhere === undefined)) return;
    act({ type: 'read-run', projectId: open });
  });
}

/** Says what was announced, once it is known; returns what that was. */
export function announce(
  { announcement }: DashboardOptions,
  store: Store,
): () => string | undefined {
  let announced: string | undefined;
  const say = async (): Promise<void> => {
    announced = (await announcement) ?? undefined;
    if (announced !== undefined) store.dispatch({ type: 'message', message: announced });
  };
  void say();
  return () => announced;
}

/** The same is read for what routing says: before that it would hold up the first screen. */
export async function readLimits(
  { whenExplained, moneyLimits }: DashboardOptions,
  store: Store,
): Promise<void> {
  await whenExplained;
  const limits = await moneyLimits?.();
  if (limits !== undefined) store.dispatch({ type: 'limits', limits });
}

/** Takes a message away after a while. */
export function forgetMessages(store: Store, shownFor: (message: string) => number): () => void {
  let timer: NodeJS.Timeout | undefined;
  let shown: string | undefined;
  const unsubscribe = store.subscribe(() => {
    const { message } = store.get();
    if (message === shown) return;
    shown = message;
    clearTimeout(timer);
    if (message === undefined) return;
    const forget = (): void => store.dispatch({ type: 'message', message: undefined });
    timer = setTimeout(forget, shownFor(message));
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}
