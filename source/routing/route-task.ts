import { defined } from '../domain/defined.ts';
import type { Policy, RoutingSettings } from '../domain/policy.ts';
import type {
  CandidateAssessment,
  ExclusionReason,
  RoutingDecision,
} from '../domain/routing-decision.ts';
import type { ModelProfile } from '../domain/profile.ts';
import type { Random } from '../domain/runtime.ts';
import type { TaskType } from '../domain/task-type.ts';
import { standardNormal } from '../domain/normal.ts';
import { chooseCheapest, type Candidate, markGoodEnough, rankCandidates } from './choice.ts';
import {
  challengersOf,
  chooseExploration,
  type ExplorationTerms,
  isYoung,
  mayExplore,
} from './exploration.ts';
import type { RoutableModel } from './model.ts';
import type { CellState, Posterior, ProfileStore } from './profile-store.ts';
import { portfolioDecision, portfolioOf } from './portfolio.ts';
import { propensityOf } from './propensity.ts';
import {
  deadEndReason,
  decisionReason,
  exclusionReasons,
  rankReason,
  type Ranking,
} from './reasons.ts';
import { constantDefaults } from './defaults.ts';
import { unconfiguredOf } from './unconfigured.ts';

export type RouteRequest = {
  profiles: ProfileStore;
  taskType: TaskType;
  settings: RoutingSettings;
  policy: Policy;
  /** Dollars that may still be spent; absent: no limit. */
  remainingBudgetUsd?: number;
  /** Whether the circuit breaker lets calls to it through; absent: all are healthy. */
  isHealthy?: (model: string, provider: string) => boolean;
  /** Models that this task must not use, for example those that just failed it. */
  exclude?: readonly string[];
  /** Score from which an answer is good enough; absent: nobody judges whether a second model is to follow. */
  acceptAt?: number;
  /** `false`: the choice without exploration is wanted, as a screen names it. Absent: as the settings say. */
  explores?: boolean;
  random: Random;
};

type Assessed = { assessment: CandidateAssessment; candidate?: Candidate; posterior?: Posterior };

/** A decision, with what is worth working out only once the call is under way. */
export type Routed = {
  decision: RoutingDecision;
  /** The probability with which this model was chosen, to within 0.02; undefined where none was. */
  propensity: () => number | undefined;
};

/** Chooses a model for one task and says why. Pure: the same arguments give the same decision. */
export function routeTask(request: RouteRequest): RoutingDecision {
  return route(request).decision;
}

/** As {@link routeTask}, with the propensity of the choice. */
export function route(request: RouteRequest): Routed {
  const { taskType, settings } = request;
  const { strategy, qualityTolerance: tolerance } = settings;
  const assessed = assess(request);
  readmitUnmeasured(request, assessed);
  const eligible = assessed.flatMap(({ candidate }) => candidate ?? []);
  const best = markGoodEnough(eligible, tolerance);
  const greedy = chooseCheapest(eligible);
  const shared = { taskType, strategy, qualityTolerance: tolerance };
  const others = [
    ...assessed.flatMap(({ assessment }) =>
      assessment.excluded === undefined ? [] : [assessment],
    ),
    ...unconfiguredOf(request.profiles, taskType),
  ];
  if (greedy === undefined || best === undefined) {
    const reason = deadEndReason(taskType, others[0]);
    const decision = { ...shared, exploration: false, reason, candidates: others };
    return { decision, propensity: () => undefined };
  }
  sampleQualities(assessed, greedy, request.random);
  const exploration = explorationFor(request, eligible, { incumbent: greedy, best, tolerance });
  const nameOf = ({ index }: Candidate): string => request.profiles.models[index]?.id ?? '';
  const portfolio = portfolioFor(request, eligible, { alone: greedy, best });
  const used = settings.portfolio === true;
  const usual = used && portfolio !== undefined ? portfolio.first : greedy;
  const chosen = exploration.chosen ?? usual;
  const second = portfolio && portfolioDecision(portfolio, greedy, { nameOf, used });
  const ranking: Ranking = {
    chosen,
    greedy: usual,
    alone: greedy,
    best,
    tolerance,
    ...defined({ portfolio: second }),
  };
  const names = { chosen: nameOf(chosen), greedy: nameOf(usual) };
  const decision = {
    ...shared,
    chosen: names.chosen,
    greedyChoice: names.greedy,
    exploration: chosen !== usual,
    ...defined({ portfolio: second }),
    reason: decisionReason(taskType, names, ranking),
    candidates: [...ranked(assessed, eligible, ranking), ...others],
  };
  // The first of a portfolio takes the place of the choice alone, and may be sampled besides.
  const stands = chosen === usual && usual !== greedy ? exploration.propensityOf(greedy) : 0;
  return { decision, propensity: () => Math.min(1, stands + exploration.propensityOf(chosen)) };
}

function portfolioFor(
  { settings, acceptAt }: RouteRequest,
  eligible: readonly Candidate[],
  choice: { alone: Candidate; best: Candidate },
): ReturnType<typeof portfolioOf> {
  if (acceptAt === undefined || settings.strategy === 'greedy') return undefined;
  return portfolioOf(eligible, { ...choice, tolerance: settings.qualityTolerance, acceptAt });
}

/** What sampling makes of the candidates, as far as it may decide anything. */
function explorationFor(
  { profiles, taskType, settings, explores = true }: RouteRequest,
  eligible: readonly Candidate[],
  choice: Omit<ExplorationTerms, 'young'>,
): { chosen?: Candidate; propensityOf: (candidate: Candidate) => number } {
  const counts = profiles.explorationOf(taskType);
  const young = isYoung(counts, eligible.length);
  const isOff = !explores || settings.strategy === 'greedy';
  if (isOff || !(young || mayExplore(counts, settings.exploration))) {
    return { propensityOf: (candidate) => (candidate === choice.incumbent ? 1 : 0) };
  }
  const terms = { ...choice, young };
  const challengers = challengersOf(eligible, terms);
  const chosen = chooseExploration(challengers, terms);
  return {
    ...defined({ chosen }),
    propensityOf: (candidate) => propensityOf(candidate, challengers, terms),
  };
}

/** Every model of the profiles, with what excludes it or what it competes with. */
function assess(request: RouteRequest): Assessed[] {
  const { profiles, taskType, settings } = request;
  const posteriors = settings.strategy === 'adaptive' ? profiles.posteriors(taskType) : undefined;
  return profiles.models.map((model, index): Assessed => {
    const cell = profiles.cell(model.id, taskType);
    const assessment = describe(model, cell);
    const excluded = exclusionOf(request, model, cell);
    if (excluded !== undefined) {
      return { assessment: { ...assessment, excluded, reason: exclusionReasons[excluded] } };
    }
    const posterior = posteriors?.[index];
    const candidate = candidateOf(index, cell.profile, posterior);
    return { assessment, candidate, ...defined({ posterior }) };
  });
}

/**
 * Samples every candidate's quality as it compares with the incumbent's: what is not known of the level of
 * the task type matters as far as it moves the two differently, since one was tried on it more often.
 */
function sampleQualities(
  assessed: readonly Assessed[],
  incumbent: Candidate,
  random: Random,
): void {
  const shared = assessed.find(({ candidate }) => candidate === incumbent)?.posterior
    ?.typeDeviation;
  for (const { assessment, candidate, posterior } of assessed) {
    if (candidate === undefined || posterior === undefined) continue;
    const { mean, standardDeviation, typeDeviation } = posterior;
    candidate.standardDeviation = Math.hypot(
      candidate.standardDeviation,
      typeDeviation - (shared ?? 0),
    );
    candidate.sample = mean + candidate.standardDeviation * standardNormal(random);
    assessment.posterior = { mean, standardDeviation, sample: candidate.sample };
  }
}

function ranked(
  assessed: readonly Assessed[],
  eligible: readonly Candidate[],
  ranking: Ranking,
): CandidateAssessment[] {
  return rankCandidates(eligible, ranking.chosen).flatMap((candidate, place) => {
    const assessment = assessed[candidate.index]?.assessment;
    if (assessment === undefined) return [];
    assessment.rank = place + 1;
    assessment.reason = rankReason(candidate, ranking);
    return [assessment];
  });
}

function candidateOf(
  index: number,
  { qualityScore, avgCostUsd, trustFactor }: ModelProfile,
  posterior: Posterior | undefined,
): Candidate {
  const { mean, standardDeviation, typeDeviation, ...known } = posterior ?? {
    mean: qualityScore,
    standardDeviation: 0,
    typeDeviation: 0,
    scoreVariance: 0,
    attempts: 0,
    attemptsOfModel: 0,
  };
  return {
    ...known,
    index,
    mean,
    standardDeviation: Math.sqrt(Math.max(0, standardDeviation ** 2 - typeDeviation ** 2)),
    sample: mean,
    costUsd: avgCostUsd,
    tieBreak: trustFactor,
    goodEnough: false,
  };
}

function describe(model: RoutableModel, cell: CellState): CandidateAssessment {
  const { history } = cell;
  return {
    model: model.id,
    provider: model.provider,
    default: {
      qualityScore: cell.default.profile.qualityScore,
      avgCostUsd: cell.default.profile.avgCostUsd,
      source: cell.default.source,
    },
    ...(history === undefined
      ? {}
      : {
          history: {
            ...history.profile,
            effectiveCalls: history.effectiveCalls,
            ...defined({ restartedAt: history.restartedAt }),
          },
        }),
    historyWeight: cell.historyWeight,
    runCalls: cell.runCalls,
    profile: cell.profile,
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
  { profile }: CellState,
): ExclusionReason | undefined {
  if (taskTypes !== undefined && !taskTypes.includes(taskType)) return 'unsupported';
  if (policy.allow.length > 0 && !policy.allow.includes(id)) return 'not-allowed';
  if (policy.block.includes(id)) return 'blocked';
  if (exclude?.includes(id) === true) return 'excluded-by-caller';
  if (isHealthy?.(id, provider) === false) return 'unhealthy';
  const affordable = Math.min(
    remainingBudgetUsd,
    policy.maxTaskCostUsd ?? Number.POSITIVE_INFINITY,
  );
  if (profile.avgCostUsd > affordable) return 'too-expensive';
  if (policy.maxLatencyMs !== undefined && profile.latencyP95Ms > policy.maxLatencyMs)
    return 'too-slow';
  return undefined;
}

/**
 * A latency limit below the constant default would exclude every model that was never measured, and so
 * keep it from ever being measured: where nothing else is left, those are let in.
 */
function readmitUnmeasured({ profiles, taskType }: RouteRequest, assessed: Assessed[]): void {
  if (assessed.some(({ candidate }) => candidate !== undefined)) return;
  for (const [index, entry] of assessed.entries()) {
    const { assessment } = entry;
    if (assessment.excluded !== 'too-slow') continue;
    const { profile, runCalls } = assessment;
    if (profile.latencyP95Ms !== constantDefaults.latencyP95Ms || runCalls > 0) continue;
    delete assessment.excluded;
    entry.candidate = candidateOf(index, profile, profiles.posteriors(taskType)[index]);
  }
}
