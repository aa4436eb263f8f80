import { closestName, didYouMean } from '../../domain/closest-name.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Roles } from '../../domain/supervision.ts';
import { catalogue, type ProvidersSettings } from '../../providers/index.ts';

/**
 * One sentence for every id of a policy or a role that is most likely misspelt: one that is allowed or wanted
 * and no model has, or one that is blocked and close to a model that there is. Models come and go, so a
 * blocked one that is gone needs no warning.
 */
export function unknownModels(
  { allow, block }: Policy,
  roles: Roles,
  settings: ProvidersSettings,
): string[] {
  const known = [
    ...settings.models.map(({ id }) => id),
    ...(settings.catalogue ? catalogue.map(({ id }) => id) : []),
  ];
  const ids = new Set(known);
  const sentence = (where: string, id: string): string =>
    `${where} names ${id}, and no model is called that${didYouMean(id, known)}: correct it, or see orchestrator models.`;
  return [
    ...allow.filter((id) => !ids.has(id)).map((id) => sentence('policy.allow', id)),
    ...Object.entries(roles).flatMap(([role, wanted]) =>
      wanted.filter((id) => !ids.has(id)).map((id) => sentence(`roles.${role}`, id)),
    ),
    ...block
      .filter((id) => !ids.has(id) && closestName(id, known) !== undefined)
      .map((id) => sentence('policy.block', id)),
  ];
}
