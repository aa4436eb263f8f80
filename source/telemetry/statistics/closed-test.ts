/**
 * How much evidence one of several hypotheses needs so that it holds among all of them: any true ones among
 * them included, the mean of whose evidence is evidence itself (Vovk & Wang 2021; a closed test). The more
 * of the others hold as well, the less is needed.
 */
export function evidenceNeeded(evidence: readonly number[], needed: number): number {
  return evidence.reduce((sum, one) => sum + Math.max(0, needed - one), needed);
}
