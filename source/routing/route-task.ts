import type { Policy, RoutingSettings } from '../domain/policy.ts';
import type {
  CandidateAssessment,
  ExclusionReason,
  RoutingDecision,
} from '../domain/routing-decision.ts';
import type { ModelProfile } from '../domain/profile.ts';
import type { Random } from '../domain/runtime.ts';
import type { TaskType } from '../domain/task-type.ts';
import { standardNormal } from './chance.ts';
import { chooseCheapest, type Contender, markGoodEnough, rankContenders } from './choice.ts';
import { chooseTrial } from './explore.ts';
import type { RoutableModel } from './model.ts';
import type { CellBelief, Posterior, ProfileBook } from './profile-book.ts';
import {
  deadEndReason,
  decisionReason,
  exclusionReasons,
  rankReason,
  type Ranking,
} from './reasons.ts';
import { constantDefaults } from './defaults.ts';

export type RouteRequest = {
  book: ProfileBook;
  taskType: TaskType;
  settings: RoutingSettings;
  policy: Policy;
  /** Dollars that may still be spent; absent: no limit. */
  remainingBudgetUsd?: number;
  /** Whether the circuit breaker lets calls to it through; absent: all are healthy. */
  isHealthy?: (model: string, provider: string) => boolean;
  /** Models that this task must not use, for example those that just failed it. */
  exclude?: readonly string[];
  random: Random;
};

type Assessed = { candidate: CandidateAssessment; contender?: Contender };

/** Chooses a model for one task and says why. Pure: the same arguments give the same decision. */
export function routeTask(request: RouteRequest): RoutingDecision {
  const { taskType, settings } = request;
  const { strategy, qualityTolerance: tolerance } = settings;
  const assessed = assess(request);
  readmitUnmeasured(request, assessed);
  const contenders = assessed.flatMap(({ contender }) => contender ?? []);
  const best = markGoodEnough(contenders, tolerance);
  const greedy = chooseCheapest(contenders);
  const trial =
    strategy === 'adaptive' && greedy !== undefined && best !== undefined
      ? chooseTrial(contenders, { incumbent: greedy, best, tolerance })
      : undefined;
  const chosen = trial ?? greedy;
  const ranking: Ranking = { chosen, greedy, best, tolerance };
  const candidates = ranked(assessed, contenders, ranking);
  candidates.push(
    ...assessed.flatMap(({ candidate }) => (candidate.excluded === undefined ? [] : [candidate])),
    ...strangersOf(request),
  );
  const nameOf = ({ index }: Contender): string => request.book.models[index]?.id ?? '';
  if (chosen === undefined || greedy === undefined) {
    const reason = deadEndReason(taskType, candidates[0]);
    return {
      taskType,
      strategy,
      qualityTolerance: tolerance,
      exploration: false,
      reason,
      candidates,
    };
  }
  const names = { chosen: nameOf(chosen), greedy: nameOf(greedy) };
  return {
    taskType,
    strategy,
    qualityTolerance: tolerance,
    chosen: names.chosen,
    greedyChoice: names.greedy,
    exploration: chosen !== greedy,
    reason: decisionReason(taskType, names, ranking),
    candidates,
  };
}

/** Every model of the book, with what excludes it or what it competes with. */
function assess(request: RouteRequest): Assessed[] {
  const { book, taskType, settings, random } = request;
  const posteriors = settings.strategy === 'adaptive' ? book.posteriors(taskType) : undefined;
  return book.models.map((model, index): Assessed => {
    const belief = book.belief(model.id, taskType);
    const candidate = describe(model, belief);
    const excluded = exclusionOf(request, model, belief);
    if (excluded !== undefined) {
      return { candidate: { ...candidate, excluded, reason: exclusionReasons[excluded] } };
    }
    const posterior = posteriors?.[index];
    const contender = contenderOf(index, belief.profile, posterior);
    if (posterior !== undefined) {
      contender.draw += posterior.standardDeviation * standardNormal(random);
      const { mean, standardDeviation, draw } = contender;
      candidate.posterior = { mean, standardDeviation, draw };
    }
    return { candidate, contender };
  });
}

function ranked(
  assessed: readonly Assessed[],
  contenders: readonly Contender[],
  ranking: Ranking,
): CandidateAssessment[] {
  return rankContenders(contenders, ranking.chosen).flatMap((contender, place) => {
    const candidate = assessed[contender.index]?.candidate;
    if (candidate === undefined) return [];
    candidate.rank = place + 1;
    candidate.reason = rankReason(contender, ranking);
    return [candidate];
  });
}

function contenderOf(
  index: number,
  { qualityScore, avgCostUsd, trustFactor }: ModelProfile,
  posterior: Posterior | undefined,
): Contender {
  const { mean, standardDeviation, scoreVariance } = posterior ?? {
    mean: qualityScore,
    standardDeviation: 0,
    scoreVariance: 0,
  };
  return {
    index,
    mean,
    standardDeviation,
    draw: mean,
    scoreVariance,
    costUsd: avgCostUsd,
    tieBreak: trustFactor,
    goodEnough: false,
  };
}

function describe(model: RoutableModel, belief: CellBelief): CandidateAssessment {
  const { history } = belief;
  return {
    model: model.id,
    provider: model.provider,
    default: {
      qualityScore: belief.default.profile.qualityScore,
      avgCostUsd: belief.default.profile.avgCostUsd,
      source: belief.default.source,
    },
    ...(history === undefined
      ? {}
      : {
          history: {
            ...history.profile,
            effectiveCalls: history.effectiveCalls,
            ...(history.restartedAt === undefined ? {} : { restartedAt: history.restartedAt }),
          },
        }),
    historyWeight: belief.historyWeight,
    runCalls: belief.runCalls,
    profile: belief.profile,
    reason: '',
  };
}

function exclusionOf(
  {
    taskType,
    policy,
    remainingBudgetUsd = Number.POSITIVE_INFINITY,
    isHealthy,
    exclude,
  }: RouteRequest,
  { id, provider, taskTypes }: RoutableModel,
  { profile }: CellBelief,
): ExclusionReason | undefined {
  if (taskTypes !== undefined && !taskTypes.includes(taskType)) return 'not-able';
  if (policy.allow.length > 0 && !policy.allow.includes(id)) return 'not-allowed';
  if (policy.block.includes(id)) return 'blocked';
  if (exclude?.includes(id) === true) return 'excluded-by-caller';
  if (isHealthy?.(id, provider) === false) return 'unhealthy';
  const affordable = Math.min(
    remainingBudgetUsd,
    policy.maxTaskCostUsd ?? Number.POSITIVE_INFINITY,
  );
  if (profile.avgCostUsd > affordable) return 'too-dear';
  if (policy.maxLatencyMs !== undefined && profile.latencyP95Ms > policy.maxLatencyMs)
    return 'too-slow';
  return undefined;
}

/**
 * A latency limit below the constant default would exclude every model that was never measured, and so
 * keep it from ever being measured: where nothing else is left, those are let in.
 */
function readmitUnmeasured({ book, taskType }: RouteRequest, assessed: Assessed[]): void {
  if (assessed.some(({ contender }) => contender !== undefined)) return;
  for (const [index, entry] of assessed.entries()) {
    const { candidate } = entry;
    if (candidate.excluded !== 'too-slow') continue;
    const { profile, runCalls } = candidate;
    if (profile.latencyP95Ms !== constantDefaults.latencyP95Ms || runCalls > 0) continue;
    delete candidate.excluded;
    entry.contender = contenderOf(index, profile, book.posteriors(taskType)[index]);
  }
}

function strangersOf({ book, taskType }: RouteRequest): CandidateAssessment[] {
  return book.strangers
    .filter((cell) => cell.taskType === taskType)
    .map((history) => ({
      model: history.model,
      provider: '',
      default: {
        qualityScore: constantDefaults.qualityScore,
        avgCostUsd: history.profile.avgCostUsd,
        source: 'constants',
      },
      history: { ...history.profile, effectiveCalls: history.effectiveCalls },
      historyWeight: 0,
      runCalls: 0,
      profile: history.profile,
      excluded: 'not-configured',
      reason: exclusionReasons['not-configured'],
    }));
}
