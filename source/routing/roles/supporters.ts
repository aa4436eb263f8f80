import type { Policy } from '../../domain/policy.ts';
import type { SupportRole } from '../../domain/supervision.ts';
import type { TaskType } from '../../domain/task-type.ts';
import type { RoutableModel } from '../model.ts';
import { medianStrength, strengthOf } from './strength.ts';

/** How far below the author's a judge's strength may be. */
const belowAuthor = 0.05;
/** A model that fails more often than this at a role is asked only where no other is left. */
const leastReliability = 0.5;

export type SupportRequest = {
  role: SupportRole;
  models: readonly RoutableModel[];
  /** The models that the user wants for it, the best first. */
  wanted: readonly string[];
  policy: Pick<Policy, 'allow' | 'block'>;
  /** What the work is akin to: the first of them that anybody is able to do counts. */
  taskTypes: readonly TaskType[];
  /** Whose answer is criticised or judged: never asked about it. */
  author?: string | undefined;
  exclude?: readonly string[];
  isHealthy?: (model: string, provider: string) => boolean;
  /** Share of what it was asked in the role that it did, in (0, 1]. */
  reliability?: (model: string) => number;
  /** Its judgements are uninformative. */
  tellsNothing?: (model: string) => boolean;
  /** Decides where strength and price are alike: the higher the better. */
  tieBreak?: (model: string) => number;
};

export type Supporter = {
  model: string;
  /** Dollars of a typical call, by how often it has to be asked. */
  costUsd: number;
  /** The user wants it for this. */
  wanted: boolean;
  /** It is as strong as the work needs, as far as is known. */
  fits: boolean;
  /** Of the author's provider. */
  kin: boolean;
  /** Not one that comes last: free and unknown, mostly failing, or telling nothing apart. */
  isOfUse: boolean;
};

/**
 * Who could plan, criticise or judge, in the order in which they are to be asked: those that the user wants,
 * then the cheapest that is strong enough, of another provider than the author's where there is one; then
 * the strongest of the rest. What is free and unknown comes last, and after it only what fails mostly or
 * is uninformative.
 */
export function supportersFor(request: SupportRequest): Supporter[] {
  const allowed = request.models.filter((model) => isAllowed(model, request.policy));
  const usable = ableOf(request, allowed).filter((model) => isUsable(model, request));
  const author = request.models.find(({ id }) => id === request.author);
  const needed = neededStrength(request.role, allowed, author);
  return usable
    .map((model) => ranked(model, { request, author, needed }))
    .toSorted((a, b) => compare(a.keys, b.keys))
    .map(({ supporter }) => supporter);
}

function neededStrength(
  role: SupportRole,
  allowed: readonly RoutableModel[],
  author: RoutableModel | undefined,
): number {
  const median = medianStrength(allowed);
  if (role !== 'judge' || author === undefined) return median;
  return Math.max(median, strengthOf(author).value - belowAuthor);
}

function isAllowed({ id }: RoutableModel, { allow, block }: SupportRequest['policy']): boolean {
  return (allow.length === 0 || allow.includes(id)) && !block.includes(id);
}

/** Those that are able to do the first task type that any of them can; all of them where none can. */
function ableOf(
  { taskTypes, author, exclude = [], isHealthy }: SupportRequest,
  models: readonly RoutableModel[],
): readonly RoutableModel[] {
  for (const taskType of taskTypes) {
    const able = models.filter((model) => model.taskTypes?.includes(taskType) ?? true);
    const isLeft = ({ id, provider }: RoutableModel): boolean =>
      id !== author && !exclude.includes(id) && isHealthy?.(id, provider) !== false;
    if (able.some(isLeft)) return able;
  }
  return models;
}

function isUsable(
  { id, provider }: RoutableModel,
  { author, exclude = [], isHealthy }: SupportRequest,
): boolean {
  return id !== author && !exclude.includes(id) && isHealthy?.(id, provider) !== false;
}

function ranked(
  model: RoutableModel,
  known: { request: SupportRequest; author: RoutableModel | undefined; needed: number },
): { supporter: Supporter; keys: readonly number[] } {
  const { request, author, needed } = known;
  const { id } = model;
  const reliability = request.reliability?.(id) ?? 1;
  const costUsd = model.defaultCostUsd / reliability;
  const strength = strengthOf(model);
  const place = request.wanted.indexOf(id);
  const useless = request.tellsNothing?.(id) === true;
  const fails = reliability < leastReliability;
  const fits = !strength.last && strength.value >= needed && !fails;
  const isKin = author !== undefined && author.provider === model.provider;
  const keys = [
    useless ? 1 : 0,
    place === -1 ? request.wanted.length : place,
    fails ? 1 : 0,
    strength.last ? 1 : 0,
    isKin ? 1 : 0,
    fits ? 0 : 1,
    fits ? costUsd : -strength.value,
    fits ? -strength.value : costUsd,
    -(request.tieBreak?.(id) ?? 0),
  ];
  const supporter = {
    model: id,
    costUsd,
    wanted: place !== -1 && !useless,
    fits: fits && !useless,
    kin: isKin,
    isOfUse: !useless && !fails && !strength.last,
  };
  return { supporter, keys };
}

/** By the first of the keys in which they differ; equal infinite prices do not. */
function compare(a: readonly number[], b: readonly number[]): number {
  for (const [index, key] of a.entries()) {
    const other = b[index] ?? 0;
    if (key !== other) return key < other ? -1 : 1;
  }
  return 0;
}
