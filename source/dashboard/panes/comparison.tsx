import type { ReactNode } from 'react';
import { openComparison } from '../state/comparison.ts';
import type { Merged } from '../layout/table.ts';
import { comparison, differs, type ComparedRow } from '../tables/comparison.ts';
import { styled } from '../theme/index.ts';
import type { PaneInput } from './common.ts';
import { TablePane } from './pane.tsx';

/** Two models or two runs side by side. */
export function CompareView(input: PaneInput): ReactNode {
  const compared = openComparison(input.state);
  if (compared === undefined) return undefined;
  const { rows, names, side, what } = compared;
  const clean = names.map((name) => input.style.clean(name));
  const heading = ({ name, cells }: ComparedRow): Merged | undefined =>
    cells === undefined
      ? {
          names: Object.keys(comparison),
          align: 'left',
          cell: () => styled(input.style.clean(name), 'title', true),
        }
      : undefined;
  return (
    <TablePane
      {...input}
      isFocused
      list="comparison"
      columns={comparison}
      facts={{ names: [clean[0] ?? '', clean[1] ?? ''], side }}
      rows={rows}
      idOf={({ id }) => id}
      title={[
        styled(what === 'runs' ? 'TWO RUNS' : 'TWO MODELS', 'title', true),
        styled(`  ${rows.filter(differs).length} differ`, 'muted'),
      ]}
      note={() => [styled('y copies it', 'muted')]}
      mergedIn={heading}
    />
  );
}
