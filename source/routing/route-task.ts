import type { Policy, RoutingSettings } from '../domain/policy.ts';
import type {
  CandidateAssessment,
  ExclusionReason,
  RoutingDecision,
} from '../domain/routing-decision.ts';
import type { Random } from '../domain/runtime.ts';
import type { TaskType } from '../domain/task-type.ts';
import { standardNormal } from './chance.ts';
import { chooseCheapest, type Contender, rankContenders } from './choice.ts';
import type { RoutableModel } from './model.ts';
import type { CellBelief, ProfileBook } from './profile-book.ts';
import { decisionReason, exclusionReasons, rankReason } from './reasons.ts';
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
  const { book, taskType, settings, random } = request;
  const adaptive = settings.strategy === 'adaptive';
  const posteriors = adaptive ? book.posteriors(taskType) : undefined;
  const assessed = book.models.map((model, index): Assessed => {
    const belief = book.belief(model.id, taskType);
    const excluded = exclusionOf(request, model, belief);
    const candidate = describe(model, belief);
    if (excluded !== undefined) {
      candidate.excluded = excluded;
      candidate.reason = exclusionReasons[excluded];
    }
    const believed = posteriors?.[index];
    if (believed === undefined) {
      const { qualityScore, trustFactor, avgCostUsd } = belief.profile;
      const contender = {
        index,
        mean: qualityScore,
        draw: qualityScore,
        costUsd: avgCostUsd,
        tieBreak: trustFactor,
      };
      return excluded === undefined ? { candidate, contender } : { candidate };
    }
    const { mean, standardDeviation } = believed;
    if (excluded !== undefined) return { candidate };
    const draw = mean + standardDeviation * standardNormal(random);
    candidate.posterior = { mean, standardDeviation, draw };
    return {
      candidate,
      contender: {
        index,
        mean,
        draw,
        costUsd: belief.profile.avgCostUsd,
        tieBreak: belief.profile.trustFactor,
      },
    };
  });
  readmitUnmeasured(request, assessed);
  const contenders = assessed.flatMap(({ contender }) => contender ?? []);
  const greedy = chooseCheapest(contenders, settings.qualityTolerance, 'mean');
  const chosen = adaptive ? chooseCheapest(contenders, settings.qualityTolerance, 'draw') : greedy;
  const ranked = rankContenders(contenders, chosen, settings.qualityTolerance);
  const candidates: CandidateAssessment[] = [];
  const best = Math.max(...contenders.map(({ mean }) => mean));
  for (const [place, contender] of ranked.entries()) {
    const candidate = assessed[contender.index]?.candidate;
    if (candidate === undefined) continue;
    candidate.rank = place + 1;
    candidate.reason = rankReason({
      contender,
      chosen,
      greedy,
      best,
      tolerance: settings.qualityTolerance,
    });
    candidates.push(candidate);
  }
  for (const { candidate } of assessed)
    if (candidate.excluded !== undefined) candidates.push(candidate);
  candidates.push(...strangersOf(book, taskType));
  const idOf = (contender: Contender | undefined): string | undefined =>
    contender === undefined ? undefined : book.models[contender.index]?.id;
  const chosenId = idOf(chosen);
  const greedyId = idOf(greedy);
  const exploration = chosenId !== greedyId;
  return {
    taskType,
    strategy: settings.strategy,
    qualityTolerance: settings.qualityTolerance,
    ...(chosenId === undefined ? {} : { chosen: chosenId }),
    ...(greedyId === undefined ? {} : { greedyChoice: greedyId }),
    exploration,
    reason: decisionReason({
      taskType,
      chosen: chosenId,
      greedy: greedyId,
      candidates,
      tolerance: settings.qualityTolerance,
    }),
    candidates,
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
    const { avgCostUsd, qualityScore, trustFactor, latencyP95Ms } = candidate.profile;
    if (latencyP95Ms !== constantDefaults.latencyP95Ms || candidate.runCalls > 0) continue;
    delete candidate.excluded;
    const mean = book.posteriors(taskType)[index]?.mean ?? qualityScore;
    entry.contender = { index, mean, draw: mean, costUsd: avgCostUsd, tieBreak: trustFactor };
  }
}

function strangersOf(book: ProfileBook, taskType: TaskType): CandidateAssessment[] {
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
