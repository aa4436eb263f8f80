import type { JudgementSums } from '../../routing/index.ts';

/** Who judged whom at what in a period. */
export type Judgements = {
  /** By {@link judgementKey}. */
  sums: Map<string, JudgementSums>;
  /** Of every model that was called. */
  providers: Map<string, string>;
};

export function noJudgements(): Judgements {
  return { sums: new Map(), providers: new Map() };
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

export function addJudgements(target: Judgements, source: Judgements): void {
  source.sums.forEach((sums) => addJudgement(target, sums));
  source.providers.forEach((provider, model) => target.providers.set(model, provider));
}

export function copyOfJudgements({ sums, providers }: Judgements): Judgements {
  return { sums: new Map(sums), providers: new Map(providers) };
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
};

export function encodeJudgements({ sums, providers }: Judgements): string {
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
  };
  return JSON.stringify(kept);
}

export function decodeJudgements(text: string): Judgements {
  const kept: Kept = JSON.parse(text);
  const judgements = { ...noJudgements(), providers: new Map(kept.providers) };
  for (const [judge, subject, taskType, n, sum, sumOfSquares] of kept.sums) {
    addJudgement(judgements, { judge, subject, taskType, n, sum, sumOfSquares });
  }
  return judgements;
}
