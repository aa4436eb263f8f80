import type { JudgementSums } from '../../routing/index.ts';

/** Who judged whom at what in a period. */
export type Judgements = {
  /** By {@link judgementKey}. */
  sums: Map<string, JudgementSums>;
  /** Of every model that was called. */
  providers: Map<string, string>;
  /** What the provider said that it served as a model, for tasks of a type. */
  served: Map<string, ServedSums>;
};

export type ServedSums = { model: string; taskType: string; served: string; calls: number };

/** Names of what was served that are kept of a period. */
const mostServed = 2000;

export function noJudgements(): Judgements {
  return { sums: new Map(), providers: new Map(), served: new Map() };
}

function judgementKey({ judge, subject, taskType }: JudgementSums): string {
  return `${taskType}\0${judge}\0${subject}`;
}

/** Adds to those of the same judge, subject and task type; what is there is replaced, never changed. */
export function addJudgement({ sums }: Judgements, added: JudgementSums): void {
  const key = judgementKey(added);
  const known = sums.get(key);
  if (known === undefined) sums.set(key, added);
  else {
    sums.set(key, {
      ...known,
      n: known.n + added.n,
      sum: known.sum + added.sum,
      sumOfSquares: known.sumOfSquares + added.sumOfSquares,
    });
  }
}

export function addServed({ served }: Judgements, added: ServedSums): void {
  const key = `${added.taskType}\0${added.model}\0${added.served}`;
  // A provider that names every answer differently tells nothing.
  if (served.size >= mostServed && !served.has(key)) return;
  served.set(key, { ...added, calls: (served.get(key)?.calls ?? 0) + added.calls });
}

export function addJudgements(target: Judgements, source: Judgements): void {
  source.sums.forEach((sums) => addJudgement(target, sums));
  source.providers.forEach((provider, model) => target.providers.set(model, provider));
  source.served.forEach((sums) => addServed(target, sums));
}

export function copyOfJudgements({ sums, providers, served }: Judgements): Judgements {
  return { sums: new Map(sums), providers: new Map(providers), served: new Map(served) };
}

/** As they are kept: names and numbers in rows. */
type Kept = {
  sums: [
    judge: string,
    subject: string,
    taskType: string,
    n: number,
    sum: number,
    squares: number,
  ][];
  providers: [model: string, provider: string][];
  served: [model: string, taskType: string, served: string, calls: number][];
};

export function encodeJudgements({ sums, providers, served }: Judgements): string {
  const kept: Kept = {
    sums: Array.from(sums.values(), ({ judge, subject, taskType, n, sum, sumOfSquares }) => [
      judge,
      subject,
      taskType,
      n,
      sum,
      sumOfSquares,
    ]),
    providers: [...providers],
    served: Array.from(served.values(), ({ model, taskType, served: name, calls }) => [
      model,
      taskType,
      name,
      calls,
    ]),
  };
  return JSON.stringify(kept);
}

export function decodeJudgements(text: string): Judgements {
  const kept: Kept = JSON.parse(text);
  const judgements = { ...noJudgements(), providers: new Map(kept.providers) };
  for (const [judge, subject, taskType, n, sum, sumOfSquares] of kept.sums) {
    addJudgement(judgements, { judge, subject, taskType, n, sum, sumOfSquares });
  }
  for (const [model, taskType, served, calls] of kept.served) {
    addServed(judgements, { model, taskType, served, calls });
  }
  return judgements;
}
