/** The groups of names that lead back to themselves, each sorted; empty where all arrows run one way. */
export function circlesIn(arrows: ReadonlyMap<string, Iterable<string>>): string[][] {
  const reached = new Map<string, ReadonlySet<string>>();
  for (const name of arrows.keys()) reached.set(name, reachableFrom(name, arrows));
  const circles = new Map<string, string[]>();
  for (const [name, targets] of reached) {
    if (!targets.has(name)) continue;
    const circle = [...targets].filter((target) => reached.get(target)?.has(name)).toSorted();
    circles.set(circle.join(' '), circle);
  }
  return [...circles.values()];
}

function reachableFrom(
  start: string,
  arrows: ReadonlyMap<string, Iterable<string>>,
): ReadonlySet<string> {
  const seen = new Set<string>();
  const waiting = [...(arrows.get(start) ?? [])];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...(arrows.get(name) ?? []));
  }
  return seen;
}
