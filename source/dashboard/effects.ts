import { defined } from '../domain/defined.ts';
import { decisiveByTask } from '../domain/outcome.ts';
import { messageOf, OrchestratorError } from '../domain/errors.ts';
import { exportView } from './data/export-view.ts';
import type { Feed } from './data/feed.ts';
import { forgetPreferences, savePreferences } from './data/preferences.ts';
import { askWhatIf } from './data/what-if.ts';
import type { DashboardOptions } from './options.ts';
import { cleanLines } from './output/print.ts';
import type { Effect } from './update/action.ts';
import { backgroundQuery } from './keys/background.ts';
import { adviceIn, recommendationId } from './state/lists.ts';
import { isToApply } from './tables/recommendations.ts';
import type { Store } from './update/update.ts';
import { clipboardSequence } from './terminal/clipboard.ts';
import { themeForBackground } from './theme/palette.ts';
import { cleanText } from './text/width.ts';
import { cellOfTask, changeOf } from './data/verdict-change.ts';

/** What the effects act on. */
export type Surroundings = {
  options: DashboardOptions;
  store: Store;
  feed: Feed;
  quit: () => void;
  suspend: () => void;
  redraw: () => void;
  /** Written when the dashboard is left: a disk may take a fifth of a second, and no key waits for it. */
  preferences: { areChanged: boolean };
  /** Hands the terminal to a program that shows a file. */
  showFile: (path: string) => void;
};

type EffectOf<Type extends Effect['type']> = Extract<Effect, { type: Type }>;

const actions: {
  [Type in Effect['type']]: (surroundings: Surroundings, effect: EffectOf<Type>) => void;
} = {
  quit: (surroundings) => surroundings.quit(),
  suspend: (surroundings) => surroundings.suspend(),
  redraw: (surroundings) => surroundings.redraw(),
  'ask-background': ({ options }) => void options.stdout.write(backgroundQuery),
  read: ({ feed }) => feed.read(),
  'read-model': ({ feed }, { model }) => feed.readModel(model),
  'ask-routes': ({ feed }) => feed.readRoutes(),
  'read-tasks': ({ feed }) => feed.readTasks(),
  'list-runs': listRuns,
  'read-run'(surroundings, { projectId }) {
    readRun(projectId, surroundings);
    void readOutcomes(projectId, surroundings);
  },
  'read-outcomes': (surroundings, { projectId }) => void readOutcomes(projectId, surroundings),
  'show-file': (surroundings, { path }) => surroundings.showFile(path),
  'record-outcome': (surroundings, effect) => void recordOutcome(effect, surroundings),
  'read-judges': (surroundings) => void readJudges(surroundings),
  'ask-what-if': (surroundings, { steps }) => whatIf(steps, surroundings),
  copy: (surroundings, { text, what }) => copy(text, what, surroundings),
  'copy-configuration': (surroundings, { recommendation }) =>
    copyConfiguration(recommendation, surroundings),
  export({ options, store }) {
    try {
      const path = exportView(store.get(), options.exportDirectory, options.clock());
      say(store, `Saved as ${path}`);
    } catch (error) {
      say(store, `Not saved: ${messageOf(error)}; start it in a folder that can be written.`);
    }
  },
  'forget-preferences'({ options, store, preferences }) {
    forgetPreferences(options.preferencesPath);
    preferences.areChanged = false;
    const isLight = themeForBackground(options.environment) === 'light';
    store.dispatch({ type: 'background', isLight });
  },
  'save-preferences'({ preferences }) {
    preferences.areChanged = true;
  },
};

/** Does what the reducer decided. What fails says so on the screen and changes nothing else. */
export function perform<Type extends Effect['type']>(
  effect: { [Each in Type]: EffectOf<Each> }[Type],
  surroundings: Surroundings,
): void {
  actions[effect.type](surroundings, effect);
}

/** Writes what is to be remembered at the next start, where a key has changed any of it. */
export function saveChanges({
  options,
  store,
  preferences,
}: Pick<Surroundings, 'options' | 'store' | 'preferences'>): void {
  if (!preferences.areChanged) return;
  preferences.areChanged = false;
  const { tab, days, theme, isThemeChosen, sorts, columns } = store.get();
  savePreferences(options.preferencesPath, {
    tab,
    days,
    ...(isThemeChosen ? { theme } : {}),
    sorts: defined(sorts),
    columns,
  });
}

function say(store: Store, message: string): void {
  store.dispatch({ type: 'message', message });
}

const beingListed = new WeakSet<Store>();

/** By then the frame is on the screen. */
const afterFrameMs = 30;
/** Journals that are looked at between two keys: a millisecond or two. */
const journalsAtOnce = 64;

/** Where there may be thousands, they are looked at bit by bit, after the frame that the key asked for. */
function listRuns({ options, store }: Surroundings): void {
  const { runArchive, clock } = options;
  const list = (): void => {
    store.dispatch({ type: 'past-runs', runs: runArchive?.list(clock()) ?? [] });
  };
  const prepare = runArchive?.prepare;
  if (prepare === undefined) {
    list();
    return;
  }
  // Asked for again meanwhile: what is being listed is as new.
  if (beingListed.has(store)) return;
  beingListed.add(store);
  const goOn = (): void => {
    if (!prepare(clock(), journalsAtOnce)) {
      setImmediate(goOn);
      return;
    }
    beingListed.delete(store);
    list();
  };
  setTimeout(goOn, afterFrameMs);
}

async function readJudges({ options, store }: Surroundings): Promise<void> {
  try {
    const agreements = await options.judgeAgreements?.();
    if (agreements !== undefined) store.dispatch({ type: 'agreements', agreements });
  } catch (error) {
    say(store, messageOf(error));
  }
}

function readRun(projectId: string, { options, store }: Surroundings): void {
  try {
    const read = options.runArchive?.read(projectId, options.clock());
    if (read === undefined) return;
    store.dispatch({ type: 'run-read', run: read.state, report: read.report });
  } catch (error) {
    const isMissing = error instanceof OrchestratorError && error.code === 'no-journal';
    say(store, isMissing ? `No journal of ${projectId} is kept here.` : messageOf(error));
  }
}

async function recordOutcome(
  effect: Extract<Effect, { type: 'record-outcome' }>,
  surroundings: Surroundings,
): Promise<void> {
  const { options, store, feed } = surroundings;
  try {
    if (options.recordOutcome === undefined) throw new Error('this database is only read.');
    const { projectId, taskId, value, sampled } = effect;
    const cell = cellOfTask(store.get(), projectId, taskId);
    await options.recordOutcome({ projectId, taskId, value, ...defined({ sampled }) });
    await readOutcomes(projectId, surroundings);
    feed.read();
    const changed = changeOf(cell, store.get().insight);
    const words = changed === undefined ? '' : ` ${changed}`;
    say(
      store,
      value === null
        ? `Taken back: ${taskId}.${words}`
        : `Recorded: ${taskId} is ${value === 1 ? 'good' : 'bad'}; u takes it back.${words}`,
    );
  } catch (error) {
    say(store, `Not recorded: ${messageOf(error)}`);
  }
}

async function readOutcomes(
  projectId: string,
  { options, store }: Pick<Surroundings, 'options' | 'store'>,
): Promise<void> {
  try {
    const outcomes = await options.outcomesOf?.(projectId);
    if (outcomes === undefined) return;
    store.dispatch({
      type: 'outcomes-read',
      found: { projectId, byTask: decisiveByTask(outcomes) },
    });
  } catch {
    // That a history cannot be read is reported by the reader of its numbers.
  }
}

function copy(text: string, what: string, { options, store }: Surroundings): void {
  const sequence = clipboardSequence(cleanLines(text), options.environment);
  if (sequence === undefined) {
    say(store, 'Too long for a terminal’s clipboard: press e to save it instead.');
    return;
  }
  // A terminal that takes nothing would have it only when it means nothing any more.
  if (options.stdout.writableNeedDrain) return;
  options.stdout.write(sequence);
  say(store, `Sent to the terminal’s clipboard: ${what}`);
}

function copyConfiguration(id: string, surroundings: Surroundings): void {
  const { store, options } = surroundings;
  const recommendation = adviceIn(store.get()).find(
    (candidate) => recommendationId(candidate) === id,
  );
  if (recommendation === undefined) return;
  const lines = isToApply(recommendation) ? (options.configurationFor?.(recommendation) ?? '') : '';
  if (lines === '') copy(cleanText(recommendation.message), 'the recommendation', surroundings);
  else copy(lines, 'configuration lines that apply it', surroundings);
}

function whatIf(steps: number, surroundings: Surroundings, isRepeated = false): void {
  const { options, store } = surroundings;
  const { insight, whatIf: current } = store.get();
  if (insight === undefined || options.explain === undefined) {
    say(
      store,
      'No what-if here: routing has no models to choose from; set a key or configure one.',
    );
    return;
  }
  try {
    const answer = askWhatIf(insight, options.explain, steps, current?.tolerance);
    if (answer !== undefined) store.dispatch({ type: 'what-if', whatIf: answer });
    else if (!isRepeated && options.whenExplained !== undefined) {
      // Pressed before the history was read: answered when it is.
      void options.whenExplained.then(() => whatIf(steps, surroundings, true));
    } else say(store, 'No what-if yet: there are no tasks in this window.');
  } catch (error) {
    say(store, `No what-if: ${messageOf(error)}`);
  }
}
