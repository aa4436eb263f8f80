import { type Context, createContextKey, ROOT_CONTEXT, type Span, trace } from 'opentelemetry-api';
import { defined } from '../../domain/defined.ts';
import { eventLogger } from './events.ts';

/** The call that gave an answer. It may be kept open until the answer is judged; it ended when it ended. */
type AnswerSpan = {
  span: Span;
  /** Milliseconds on the clock of `performance.now()`. */
  endedAt: number;
  responseId?: string;
};

export type Evaluation = { attempt: number; score: number; judge: string };

/** The answers of one task, so that what is found of one is reported with the call that gave it. */
export type Answers = {
  keep(attempt: number, answer: AnswerSpan): void;
  evaluated(evaluation: Evaluation): void;
  /** Ends what was kept open. */
  close(): void;
};

const key = createContextKey('orchestrator.answers');

export const withAnswers = (context: Context, answers: Answers): Context =>
  context.setValue(key, answers);

export function answersOf(context: Context): Answers | undefined {
  const value = context.getValue(key);
  return isAnswers(value) ? value : undefined;
}

const isAnswers = (value: unknown): value is Answers =>
  typeof value === 'object' && value !== null && 'keep' in value && 'evaluated' in value;

/** `task` takes what is found of an answer whose call an earlier part of the run made. */
export function createAnswers(task: Span): Answers {
  const latest = new Map<number, AnswerSpan>();
  const end = ({ span, endedAt }: AnswerSpan): void => span.end(endedAt);
  return {
    keep(attempt, answer) {
      // One that was cut off, and asked for again with more room.
      const before = latest.get(attempt);
      if (before !== undefined) end(before);
      latest.set(attempt, answer);
      if (eventLogger() !== undefined) end(answer);
    },
    evaluated({ attempt, score, judge }) {
      const answer = latest.get(attempt);
      const attributes = {
        'gen_ai.evaluation.name': 'judge',
        'gen_ai.evaluation.score.value': score,
        ...defined({ 'gen_ai.response.id': answer?.responseId }),
        'orchestrator.judge.model': judge,
      };
      const span = answer?.span ?? task;
      const logger = eventLogger();
      if (logger === undefined) span.addEvent(eventName, attributes);
      else logger.emit({ eventName, attributes, context: trace.setSpan(ROOT_CONTEXT, span) });
      if (answer !== undefined && span.isRecording()) end(answer);
    },
    close() {
      for (const answer of latest.values()) if (answer.span.isRecording()) end(answer);
    },
  };
}

const eventName = 'gen_ai.evaluation.result';
