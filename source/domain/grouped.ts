/**
 * A number with this many decimals and commas between thousands. Not by Intl, whose tables would be
 * loaded at every start for this alone.
 */
export function grouped(value: number, decimals: number): string {
  const [whole = '', fraction] = value.toFixed(decimals).split('.');
  const withCommas = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
  return fraction === undefined ? withCommas : `${withCommas}.${fraction}`;
}
