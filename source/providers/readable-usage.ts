import { isRecord } from '../domain/is-record.ts';
import { parseJson } from '../domain/parse-json.ts';

/** Where the interfaces that we speak put their numbers. */
const places = ['usage', 'usageMetadata'] as const;

/**
 * A count that is a text, a truth, a list, an object, or a number that may be infinite. Answers quote
 * with `\"`.
 */
const oddCount = /tokens?(?:count)?"\s*:\s*(?:["[{tf]|-?[\d.]{1,40}e\+?\d{3})/i;
const oddDetails = /tokens?_?details"\s*:\s*["\dtf-]/i;
const oddUsage = /"usage(?:Metadata)?"\s*:\s*["[\dtf-]/;

/** Stands for what is no number: it reaches the engine, which accepts no negative count. */
const unreadable = -1;

/**
 * An answer whose usage the adapters can read; undefined where there is nothing to mend, which is nearly
 * always. For them a single count that is a text or infinite makes the whole answer invalid, and it is
 * paid for.
 */
export function withReadableUsage(text: string): unknown {
  // Parsing every answer twice would be the larger part of what a call costs us.
  if (![oddCount, oddDetails, oddUsage].some((odd) => odd.test(text))) return undefined;
  const body = parseJson(text);
  if (!isRecord(body)) return undefined;
  let changed = false;
  for (const place of places) {
    const usage = body[place];
    if (usage === undefined || usage === null) continue;
    if (!isRecord(usage)) {
      delete body[place];
      changed = true;
    } else if (repair(usage)) changed = true;
  }
  return changed ? body : undefined;
}

/** Mends counts in place, those one level down too; returns whether there were any to mend. */
function repair(usage: Record<string, unknown>, deeper = true): boolean {
  let changed = false;
  for (const [name, value] of Object.entries(usage)) {
    if (deeper && isRecord(value) && !isCountName(name)) {
      if (repair(value, false)) changed = true;
      continue;
    }
    if (/details$/i.test(name) && value !== null && typeof value !== 'object') {
      Reflect.deleteProperty(usage, name);
      changed = true;
      continue;
    }
    if (!isCountName(name) || value === null || Number.isFinite(value)) continue;
    usage[name] = unreadable;
    changed = true;
  }
  return changed;
}

/** Other things stand beside the counts: tiers, regions, lists by modality. */
const isCountName = (name: string): boolean => /tokens?(?:count)?$/i.test(name);
