import type { FinishReason, ModelCallErrorCode, TokenUsage } from './model-api.ts';
import type { CallRole } from './model-call.ts';
import type { RoutingDecision } from './routing-decision.ts';
import type { RunDigest } from './run-digest.ts';
import type { NamedTaskResult } from './task-result.ts';
import type { TaskType } from './task-type.ts';

/** How a run can end. */
export const runStatuses = ['success', 'partial', 'budget-exhausted', 'timeout', 'failed'] as const;
export type RunStatus = (typeof runStatuses)[number];

export type TaskSpec = {
  id: string;
  type: TaskType;
  prompt: string;
  dependsOn: string[];
  /** As the project file has them; see the engine's validators. */
  validators: unknown[];
};

export type MoneyPhase = 'decomposition' | 'generation' | 'review' | 'evaluation';

/** The share of the budget that a call is paid from. */
export const phaseOfRole: Readonly<Record<CallRole, MoneyPhase>> = {
  planner: 'decomposition',
  generator: 'generation',
  reviser: 'generation',
  critic: 'review',
  judge: 'evaluation',
};

/** How a call ended: answered, failed, or cut off by the end of the process that had sent it. */
export type CallOutcome = 'ok' | ModelCallErrorCode | 'interrupted';

/** Which request to a model an event is about; the same in `call-started` and `call-finished`. */
export type CallIdentity = {
  /** Numbers the requests of a run through all its parts, from 1; never used twice. */
  callId: string;
  role: CallRole;
  provider: string;
  model: string;
  /** What is asked for: the same for every try, and in every part of a resumed run. */
  step: string;
  /** Absent while planning. */
  taskId?: string;
  taskType?: TaskType;
  /** The iteration of the task that the call is part of, from 1. */
  attempt?: number;
  /** Whose answer is criticised or judged. */
  subjectModel?: string;
};

/** What a task is doing now. */
export type TaskPhase = 'generate' | 'critique' | 'revise' | 'validate' | 'judge';

type EventVariant<Type extends string, Fields> = {
  type: Type;
  projectId: string;
  at: number;
} & Fields;

/**
 * Everything that a run reports, in order. Screens, `--json`, the journal and telemetry live off these
 * alone. `at` is in Unix seconds; money in dollars.
 */
export type RunEvent =
  /** The run, or its continuation, began. */
  | EventVariant<
      'run-started',
      {
        project: string;
        criteria: string;
        budgetUsd: number;
        timeLimitSeconds: number;
        concurrency: number;
        simulated: boolean;
        /** Whether an earlier, interrupted part of this run is continued. */
        resumed: boolean;
        /** The process that runs it. */
        pid: number;
        /** Two models on the same tasks: it is no project, and cannot be continued as one. */
        comparison?: boolean;
        /** What it is called by. */
        tags?: Readonly<Record<string, string>>;
      }
    >
  /** What the run is expected to cost, before the first task. */
  | EventVariant<
      'run-estimated',
      { lowUsd: number; expectedUsd: number; highUsd: number; basis: string }
    >
  /** The tasks are known. */
  | EventVariant<'run-planned', { tasks: TaskSpec[] }>
  | EventVariant<'task-started', { taskId: string; taskType: TaskType }>
  /** Routing chose a model for a task. */
  | EventVariant<'task-routed', { taskId: string; decision: RoutingDecision }>
  /** A task went on to its next phase with this model. */
  | EventVariant<
      'phase-started',
      { taskId: string; phase: TaskPhase; model: string; iteration: number }
    >
  /**
   * A request is about to be sent. It is in the journal first: one that has no end there when the run
   * goes on is charged what was reserved for it.
   */
  | EventVariant<'call-started', CallIdentity & { reservedUsd: number }>
  /** One request is over, answered or not, and this is what it cost. */
  | EventVariant<
      'call-finished',
      CallIdentity & {
        /** The model that answered, in the provider's words. */
        servedModel?: string;
        /** The provider's name for its answer. */
        responseId?: string;
        /** A judge's, as it gave it; absent for any other call, and for a judgement that is none. */
        score?: number;
        /** Absent where the provider reported none, or none that can be true. */
        usage?: TokenUsage;
        costUsd: number;
        /** The provider did not report what it charges: this is what may have been charged at most. */
        estimated: boolean;
        latencyMs: number;
        outcome: CallOutcome;
        /** The probability, to within 0.02, with which routing chose this model; of generators only. */
        propensity?: number;
        /** What came back; in the journal only. */
        answer?: { text: string; finishReason: FinishReason };
      }
    >
  /** One generation or revision is over, scored or not: what a profile counts. */
  | EventVariant<
      'attempt-finished',
      {
        taskId: string;
        taskType: TaskType;
        model: string;
        iteration: number;
        /** Absent when the attempt failed or its judge did. */
        score?: number;
        /** What its own calls cost, as far as that is known. */
        costUsd: number;
        /** What was charged for calls of unknown cost; no price of the model. */
        possibleCostUsd?: number;
        latencyMs: number;
        failed: boolean;
        /** Whether it broke the user's policy after the fact. */
        policyViolation: boolean;
        validatorsPassed: boolean;
        /** What its validators found wrong, one sentence each; absent where they found nothing. */
        problems?: string[];
        reviewer?: string;
        error?: string;
      }
    >
  /** Anything a person should read: a fallback, a retry, a breaker, a share of the budget used up. */
  | EventVariant<'notice', { taskId?: string; message: string }>
  | EventVariant<
      'task-finished',
      {
        result: NamedTaskResult;
        status: 'accepted' | 'best-effort' | 'failed';
        /** The best attempt's text; in the journal and the output folder only. */
        output?: string;
        /** Whether the user's own commands let it pass; absent where none could be run on it. */
        tested?: boolean;
        error?: string;
      }
    >
  /** Written every 5 s, so that others see that the run is alive. */
  | EventVariant<'heartbeat', { spentUsd: number; digest?: RunDigest }>
  | EventVariant<
      'run-finished',
      {
        status: RunStatus;
        spentUsd: number;
        results: NamedTaskResult[];
        spentByPhase: Record<MoneyPhase, number>;
        spentByModel: Record<string, number>;
        /** One sentence for people where the status alone does not say it. */
        message?: string;
        /** Whether the run can be continued with `--resume`. */
        resumable: boolean;
        digest?: RunDigest;
      }
    >;

export type RunEventOf<Type extends RunEvent['type']> = Extract<RunEvent, { type: Type }>;

type WithoutEnvelope<Event> = Event extends RunEvent ? Omit<Event, 'projectId' | 'at'> : never;

/** An event before it is addressed and dated. */
export type EventPayload = WithoutEnvelope<RunEvent>;
