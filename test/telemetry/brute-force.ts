import type { Database } from 'better-sqlite3';
import {
  type Moments,
  momentsOf,
  narrowedMoments,
  shiftedMoments,
} from '../../source/domain/moments.ts';
import { estimateJudges, type JudgementSums } from '../../source/routing/index.ts';
import { historyOfRecords } from './record-history.ts';

const day = 86_400;

export type EventColumns = {
  project_id: string;
  task_id: string;
  task_type: string;
  model_chosen: string;
  score: number;
  unscored: number;
  cost_usd: number;
  iterations: number;
  det_passed: number;
  recorded_at: number;
  /** What judges gave, where an outcome decides: it is the score then. */
  outcome?: { judged: number | null };
};

export type SnapshotColumns = {
  project_id: string;
  model: string;
  task_type: string;
  quality_score: number;
  trust_factor: number;
  avg_latency_ms: number;
  latency_p95_ms: number;
  success_rate: number;
  avg_cost_usd: number;
  call_count: number;
  failure_count: number;
  validator_fail_count: number;
  recorded_at: number;
  unscored: number;
};

export type CallColumns = {
  project_id: string;
  task_type: string | null;
  role: string;
  provider: string;
  subject_model: string | null;
  score: number | null;
  model: string;
  cost_usd: number;
  outcome: string;
  recorded_at: number;
};

export type Rows = { events: EventColumns[]; snapshots: SnapshotColumns[]; calls: CallColumns[] };

type OutcomeColumns = {
  project_id: string;
  task_id: string;
  source: string;
  value: number | null;
};

/** The newest outcomes come first. */
function withOutcome(row: EventColumns, newestFirst: readonly OutcomeColumns[]): EventColumns {
  const ofTask = newestFirst.filter(
    ({ project_id, task_id }) => project_id === row.project_id && task_id === row.task_id,
  );
  const lastWords = ofTask.filter(
    ({ source }, index) => ofTask.findIndex((other) => other.source === source) === index,
  );
  const standing = lastWords.filter(({ value }) => value !== null);
  const decisive =
    ['person', 'test', 'merge']
      .map((source) => standing.find((outcome) => outcome.source === source))
      .find((outcome) => outcome !== undefined) ?? standing[0];
  if (decisive?.value === null || decisive === undefined) return row;
  const judged = row.unscored === 0 ? row.score : null;
  return { ...row, score: decisive.value, unscored: 0, outcome: { judged } };
}

/** Of the tasks with an outcome how far judges were off, times their attempts. */
const misjudged = ({ score, outcome, iterations }: EventColumns): number =>
  outcome === undefined ? 0 : iterations * (score - (outcome.judged ?? 0));
const decidedCalls = ({ outcome, iterations }: EventColumns): number =>
  outcome === undefined ? 0 : iterations;
/** The share that no outcome decides. */
const undecided = (decided: number, n: number): number =>
  n > 0 ? Math.max(0, 1 - decided / n) : 0;

/** All rows that can be true. */
export function allRows(database: Database): Rows {
  const outcomes = database
    .prepare<[], OutcomeColumns>('SELECT * FROM outcomes ORDER BY id')
    .all()
    .toReversed();
  return {
    calls: database
      .prepare<[], CallColumns>('SELECT * FROM model_calls')
      .all()
      .filter(({ cost_usd }) => cost_usd >= 0),
    events: database
      .prepare<[], EventColumns>(
        `SELECT *, id IN (SELECT event_id FROM unscored_events) AS unscored FROM routing_events`,
      )
      .all()
      .filter(({ score, cost_usd }) => score >= 0 && score <= 1 && cost_usd >= 0)
      .map((row) => withOutcome(row, outcomes)),
    snapshots: database
      .prepare<[], SnapshotColumns>(
        `SELECT *, id IN (SELECT snapshot_id FROM unscored_snapshots) AS unscored
         FROM model_snapshots`,
      )
      .all(),
  };
}

const total = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0);

/** Of the events that were judged. */
function averageOf(events: readonly EventColumns[]): number | null {
  const judged = events.filter(({ unscored }) => unscored === 0);
  return judged.length > 0 ? total(judged, ({ score }) => score) / judged.length : null;
}

/** The start of the day of whoever sits there. */
function localDayOf(at: number): number {
  return new Date(at * 1000).setHours(0, 0, 0, 0) / 1000;
}

type Judgement = CallColumns & { task_type: string; subject_model: string; score: number };

const isJudgement = (row: CallColumns): row is Judgement =>
  row.role === 'judge' &&
  row.task_type !== null &&
  row.subject_model !== null &&
  row.score !== null &&
  row.score >= 0 &&
  row.score <= 1;

/** Who judged whom, one by one. */
export function judgementsIn(calls: readonly CallColumns[]): JudgementSums[] {
  return calls.filter(isJudgement).map((row) => ({
    judge: row.model,
    subject: row.subject_model,
    taskType: row.task_type,
    n: 1,
    sum: row.score,
    sumOfSquares: row.score ** 2,
  }));
}

/** The same, those of the same judge, subject and task type together. */
export function addedUp(judgements: readonly JudgementSums[]): JudgementSums[] {
  const groups = Map.groupBy(judgements, ({ judge, subject, taskType }) =>
    [taskType, judge, subject].join('\0'),
  );
  return [...groups.values()].map((some) => {
    const { judge = '', subject = '', taskType = '' } = some[0] ?? {};
    return {
      judge,
      subject,
      taskType,
      n: total(some, ({ n }) => n),
      sum: total(some, ({ sum }) => sum),
      sumOfSquares: total(some, ({ sumOfSquares }) => sumOfSquares),
    };
  });
}

/** How far the scores of each cell are moved because of who gave them, in a window and in the one before. */
function shiftsOf(here: readonly CallColumns[], earlier: readonly CallColumns[]) {
  const effectsOf = (calls: readonly CallColumns[]) => {
    const providers = new Map(calls.map(({ model, provider }) => [model, provider]));
    return estimateJudges(addedUp(judgementsIn(calls)), (model) => providers.get(model));
  };
  const within = effectsOf(here);
  const across = effectsOf([...earlier, ...here]);
  const of = (calls: readonly CallColumns[], model: string, taskType: string) =>
    addedUp(judgementsIn(calls)).filter(
      (some) => some.subject === model && some.taskType === taskType,
    );
  return {
    here: (model: string, taskType: string) => ({
      judged: total(of(here, model, taskType), ({ n }) => n),
      shift: within.shift({ model, taskType }),
    }),
    earlier: (model: string, taskType: string) => ({
      judged: total(of(earlier, model, taskType), ({ n }) => n),
      shift: !across.identified
        ? 0
        : across.shiftOf(of(earlier, model, taskType)) -
          across.shiftOf(of(here, model, taskType)) +
          within.shift({ model, taskType }),
    }),
  };
}

/** The design's definitions, row by row, with nothing kept between two calls. */
export function bruteForce(rows: Rows, days: number, now: number) {
  const from = now - days * day;
  const settled = new Set(rows.snapshots.map(({ project_id }) => project_id));
  const billed = new Set(rows.calls.map(({ project_id }) => project_id));
  const within = <Row extends { recorded_at: number }>(all: readonly Row[]): Row[] =>
    all.filter(({ recorded_at }) => recorded_at >= from && recorded_at <= now);
  const before = <Row extends { recorded_at: number }>(all: readonly Row[]): Row[] =>
    all.filter(({ recorded_at }) => recorded_at >= from - days * day && recorded_at < from);
  const events = within(rows.events);
  const shifts = shiftsOf(within(rows.calls), before(rows.calls));

  const means = (
    snapshots: readonly SnapshotColumns[],
    allEvents: readonly EventColumns[],
    allCalls: readonly CallColumns[],
    shiftOf: (model: string, taskType: string) => { judged: number; shift: number },
  ) => {
    const unbilled = allEvents.filter(
      ({ project_id, iterations }) =>
        !settled.has(project_id) && !billed.has(project_id) && iterations > 0,
    );
    const authors = allCalls.filter(
      ({ project_id, role }) =>
        !settled.has(project_id) && (role === 'generator' || role === 'reviser'),
    );
    const priced =
      total(snapshots, ({ call_count }) => call_count) +
      total(unbilled, ({ iterations }) => iterations) +
      authors.filter(({ outcome }) => outcome === 'ok').length;
    const live = allEvents.filter(({ project_id }) => !settled.has(project_id));
    const liveCalls =
      total(unbilled, ({ iterations }) => iterations) +
        authors.filter(({ outcome }) => outcome === 'ok').length ||
      total(
        live.filter(({ unscored }) => unscored === 0),
        ({ iterations }) => iterations,
      );
    const calls = total(snapshots, ({ call_count }) => call_count) + liveCalls;
    const scored = snapshots.filter(
      ({ failure_count, call_count, unscored }) => failure_count < call_count && unscored === 0,
    );
    const judged = live.filter(({ unscored }) => unscored === 0);
    const decided = allEvents.filter(({ project_id }) => settled.has(project_id));
    const blank = decided.filter(({ outcome }) => outcome?.judged === null);
    const weight =
      total(scored, ({ call_count }) => call_count) +
      total([...judged, ...blank], ({ iterations }) => iterations);
    const weights = Map.groupBy(
      [
        ...scored.map((row) => ({ ...row, model: row.model, weight: row.call_count })),
        ...[...judged, ...blank].map((row) => ({
          ...row,
          model: row.model_chosen,
          weight: row.iterations,
        })),
      ],
      ({ model, task_type }) => `${model}\0${task_type}`,
    );
    const moved = total([...weights], ([name, some]) => {
      const [model = '', taskType = ''] = name.split('\0');
      const known = shiftOf(model, taskType);
      const ofCell = total(some, (row) => row.weight);
      const found = allEvents.filter(
        (row) => row.model_chosen === model && row.task_type === taskType,
      );
      return (
        known.shift * Math.min(ofCell, known.judged) * undecided(total(found, decidedCalls), ofCell)
      );
    });
    const quality =
      weight === 0
        ? null
        : Math.min(
            1,
            Math.max(
              0,
              (total(scored, (row) => row.call_count * row.quality_score) +
                total(judged, (row) => row.iterations * row.score) +
                total(decided, misjudged) +
                moved) /
                weight,
            ),
          );
    const cost =
      priced === 0
        ? 0
        : (total(snapshots, (row) => row.call_count * row.avg_cost_usd) +
            total(unbilled, ({ cost_usd }) => cost_usd) +
            total(authors, ({ cost_usd }) => cost_usd)) /
          priced;
    return {
      calls,
      liveCalls,
      quality,
      cost,
      value: quality === null ? null : quality / (cost + 0.0001),
    };
  };
  const modelStats = (matches: (model: string, taskType: string) => boolean) => {
    const ofSnapshots = (row: SnapshotColumns): boolean => matches(row.model, row.task_type);
    const ofEvents = (row: EventColumns): boolean => matches(row.model_chosen, row.task_type);
    const ofCalls = (row: CallColumns): boolean =>
      row.task_type !== null && matches(row.model, row.task_type);
    const snapshots = within(rows.snapshots).filter(ofSnapshots);
    const own = events.filter(ofEvents);
    const here = means(snapshots, own, within(rows.calls).filter(ofCalls), shifts.here);
    const earlier = means(
      before(rows.snapshots).filter(ofSnapshots),
      before(rows.events).filter(ofEvents),
      before(rows.calls).filter(ofCalls),
      shifts.earlier,
    );
    const measured = total(snapshots, ({ call_count }) => call_count) || 1;
    const comparable = here.calls >= 10 && earlier.calls >= 10;
    const growth =
      here.value !== null && earlier.value !== null && earlier.value > 0
        ? here.value / earlier.value
        : null;
    return {
      ...here,
      growth: comparable ? growth : null,
      tasks: own.filter(({ unscored }) => unscored === 0).length,
      failures: total(snapshots, ({ failure_count }) => failure_count),
      latency: total(snapshots, (row) => row.call_count * row.avg_latency_ms) / measured,
      p95: total(snapshots, (row) => row.call_count * row.latency_p95_ms) / measured,
    };
  };

  const names = [
    ...within(rows.snapshots).map(({ model, task_type }) => [model, task_type] as const),
    ...events.map(({ model_chosen, task_type }) => [model_chosen, task_type] as const),
    ...within(rows.calls)
      .filter(({ project_id, role }) => !settled.has(project_id) && /generator|reviser/.test(role))
      .map(({ model, task_type }) => [model, task_type ?? ''] as const),
  ];
  const models = [...new Set(names.map(([model]) => model))];
  const cells = [...new Map(names.map((name) => [name.join('\0'), name])).values()];
  const payments = [
    ...within(rows.calls).map((row) => ({ ...row, tasks: 0 })),
    ...events.map((row) => ({
      model: row.model_chosen,
      role: 'unknown',
      cost_usd: billed.has(row.project_id) ? 0 : row.cost_usd,
      recorded_at: row.recorded_at,
      tasks: 1,
      isTold: !billed.has(row.project_id),
    })),
  ];
  const booked = payments.filter((payment) => !('isTold' in payment) || payment.isTold);
  const paidBy = (of: (payment: (typeof payments)[number]) => string) =>
    Object.fromEntries(
      [...Map.groupBy(booked, of)].map(([name, some]) => [
        name,
        total(some, ({ cost_usd }) => cost_usd),
      ]),
    );
  const spend = Map.groupBy(payments, ({ recorded_at }) => localDayOf(recorded_at));
  const runs = Map.groupBy(events, ({ project_id }) => project_id);
  return {
    summary: {
      runs: runs.size,
      totalCostUsd: total(payments, ({ cost_usd }) => cost_usd),
      averageQuality: averageOf(events),
    },
    models: models.map((model) => ({ model, ...modelStats((name) => name === model) })),
    cells: cells.map(([model, taskType]) => ({
      model,
      taskType,
      ...modelStats((name, type) => name === model && type === taskType),
    })),
    spend: {
      byRole: paidBy(({ role }) => role),
      byModel: paidBy(({ model }) => model),
      approximate: booked.some(({ role }) => role === 'unknown'),
    },
    routes: [...Map.groupBy(events, ({ task_type }) => task_type)].map(([taskType, ofType]) => ({
      taskType,
      spentUsd:
        total(
          within(rows.calls).filter(({ task_type }) => task_type === taskType),
          ({ cost_usd }) => cost_usd,
        ) +
        total(
          ofType.filter(({ project_id }) => !billed.has(project_id)),
          ({ cost_usd }) => cost_usd,
        ),
    })),
    spendByDay: [...spend]
      .map(([start, ofDay]) => ({
        day: start,
        costUsd: total(ofDay, ({ cost_usd }) => cost_usd),
        tasks: total(ofDay, ({ tasks }) => tasks),
      }))
      .toSorted((a, b) => a.day - b.day),
    runs: [...runs].map(([projectId, ofRun]) => ({
      projectId,
      tasks: ofRun.length,
      at: Math.max(...ofRun.map(({ recorded_at }) => recorded_at)),
      averageScore: averageOf(ofRun),
      costPerTaskUsd: total(ofRun, ({ cost_usd }) => cost_usd) / ofRun.length,
    })),
  };
}

/** Warm start by the one definition that works on single records. */
export function bruteHistory({ events, snapshots, calls }: Rows, now: number) {
  const settled = new Set(snapshots.map(({ project_id }) => project_id));
  const known = events.filter(({ recorded_at }) => recorded_at <= now);
  const horizon = now - 90 * day;
  const slices = Map.groupBy(
    known.filter(({ recorded_at, unscored }) => recorded_at >= horizon && unscored === 0),
    (row) => `${row.model_chosen}\0${row.task_type}\0${Math.floor(row.recorded_at / day)}`,
  );
  const billed = new Set(calls.map(({ project_id }) => project_id));
  const judged = calls.filter(
    (row) => isJudgement(row) && row.recorded_at >= horizon && row.recorded_at <= now,
  );
  const providers = new Map(
    calls
      .filter(({ recorded_at }) => recorded_at >= horizon && recorded_at <= now)
      .map(({ model, provider }) => [model, provider]),
  );
  const effects = estimateJudges(addedUp(judgementsIn(judged)), (model) => providers.get(model));
  const dayOf = (at: number): number => Math.floor(at / day) * day;
  const judgedOf = (model: string, taskType: string) =>
    judged.filter((row) => row.subject_model === model && row.task_type === taskType);
  const shiftOfDay = (
    model: string,
    taskType: string,
    start: number,
    ofDay: readonly EventColumns[],
  ): number => {
    const n = ofDay.length;
    const some = judgedOf(model, taskType).filter((row) => dayOf(row.recorded_at) === start);
    const found = ofDay.filter(({ outcome }) => outcome !== undefined).length;
    return (
      effects.shiftOf(addedUp(judgementsIn(some))) *
      Math.min(1, some.length / n) *
      undecided(found, n)
    );
  };
  /** With severity taken out, and the variance that only different judges make. */
  const scoresOfDay = (row: EventColumns, ofDay: readonly EventColumns[]): Moments => {
    const { model_chosen: model, task_type: taskType } = row;
    const start = dayOf(row.recorded_at);
    const scores = momentsOf(ofDay.map(({ score }) => score));
    const isJudged = judgedOf(model, taskType).some((one) => dayOf(one.recorded_at) === start);
    if (!isJudged) return scores;
    return narrowedMoments(
      shiftedMoments(scores, shiftOfDay(model, taskType, start, ofDay)),
      effects.varianceByJudges({ model, taskType }),
    );
  };
  const history = historyOfRecords({
    now,
    calls: calls
      .filter(
        ({ project_id, role, recorded_at }) =>
          recorded_at <= now &&
          !settled.has(project_id) &&
          (role === 'generator' || role === 'reviser'),
      )
      .map((row) => ({
        model: row.model,
        taskType: row.task_type ?? '',
        costUsd: row.cost_usd,
        answered: row.outcome === 'ok',
        recordedAt: row.recorded_at,
      })),
    scoreSlices: [...slices.values()].flatMap((ofDay) =>
      ofDay.slice(0, 1).map((row) => ({
        model: row.model_chosen,
        taskType: row.task_type,
        from: Math.floor(row.recorded_at / day) * day,
        scores: scoresOfDay(row, ofDay),
      })),
    ),
    snapshots: snapshots
      .filter(({ recorded_at }) => recorded_at <= now)
      .map((row) => ({
        model: row.model,
        taskType: row.task_type,
        recordedAt: row.recorded_at,
        unscored: row.unscored === 1,
        profile: {
          qualityScore: row.quality_score,
          trustFactor: row.trust_factor,
          avgLatencyMs: row.avg_latency_ms,
          latencyP95Ms: row.latency_p95_ms,
          successRate: row.success_rate,
          avgCostUsd: row.avg_cost_usd,
          callCount: row.call_count,
          failureCount: row.failure_count,
          validatorFailCount: row.validator_fail_count,
        },
      })),
    outcomes: known
      .filter(({ project_id }) => settled.has(project_id))
      .flatMap(({ outcome, ...row }) =>
        outcome === undefined
          ? []
          : [
              {
                model: row.model_chosen,
                taskType: row.task_type,
                value: row.score,
                judged: outcome.judged,
                iterations: row.iterations,
                recordedAt: row.recorded_at,
              },
            ],
      ),
    liveEvents: known
      .filter(({ project_id, iterations }) => !settled.has(project_id) && iterations > 0)
      .map((row) => ({
        model: row.model_chosen,
        taskType: row.task_type,
        ...(row.unscored === 0 ? { score: row.score } : {}),
        isBilled: billed.has(row.project_id),
        costUsd: row.cost_usd,
        iterations: row.iterations,
        recordedAt: row.recorded_at,
      })),
  });
  return history.map((cell) => {
    const { model, taskType, profile, restartedAt } = cell;
    const isMeant = ({ recorded_at }: { recorded_at: number }): boolean =>
      recorded_at >= Math.max(horizon, restartedAt ?? horizon) && recorded_at <= now;
    const some = judgedOf(model, taskType).filter(isMeant);
    const weighted = some.flatMap((row) =>
      judgementsIn([row]).map((one) => {
        const factor = 2 ** ((dayOf(row.recorded_at) - now) / (30 * day));
        return {
          ...one,
          n: factor,
          sum: factor * one.sum,
          sumOfSquares: factor * one.sumOfSquares,
        };
      }),
    );
    const scored =
      total(
        snapshots.filter(
          (row) =>
            row.model === model &&
            row.task_type === taskType &&
            isMeant(row) &&
            (row.quality_score > 0 || (row.failure_count < row.call_count && row.unscored === 0)),
        ),
        ({ call_count }) => call_count,
      ) +
      total(
        events.filter(
          (row) =>
            row.model_chosen === model &&
            row.task_type === taskType &&
            isMeant(row) &&
            row.unscored === 0 &&
            (!settled.has(row.project_id) || row.outcome?.judged === null),
        ),
        ({ iterations }) => iterations,
      );
    const by = effects.identified ? effects.shiftOf(addedUp(weighted)) : 0;
    if (by === 0 || scored === 0) return cell;
    const found = events.filter(
      (row) => row.model_chosen === model && row.task_type === taskType && isMeant(row),
    );
    const moved =
      profile.qualityScore +
      by * Math.min(1, some.length / scored) * undecided(total(found, decidedCalls), scored);
    return { ...cell, profile: { ...profile, qualityScore: Math.min(1, Math.max(0, moved)) } };
  });
}
