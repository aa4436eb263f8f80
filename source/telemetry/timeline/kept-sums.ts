import { addSpan, emptySpan, type Span } from './span.ts';

/** Sums over several spans, kept until one of these changes. */
export type KeptSums = {
  /** To be read only. `key` names the spans, of which none goes, but some may come. */
  of(key: string, spans: readonly Span[]): Span;
};

/** Edges of windows move on, and what was summed up for older ones is of no use any more. */
const mostKept = 32;

export function createKeptSums(aged: boolean): KeptSums {
  const kept = new Map<string, { spans: number; version: number; sum: Span }>();
  return {
    of(key, spans) {
      let version = 0;
      for (const span of spans) version += span.version;
      const known = kept.get(key);
      if (known?.spans === spans.length && known.version === version) return known.sum;
      const sum = emptySpan(aged);
      for (const span of spans) addSpan(sum, span);
      if (kept.size >= mostKept) kept.clear();
      kept.set(key, { spans: spans.length, version, sum });
      return sum;
    },
  };
}
