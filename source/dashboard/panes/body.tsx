import type { ReactNode } from 'react';
import type { PaneInput } from './common.ts';
import { NoData } from './no-data.tsx';
import { Overview } from './overview.tsx';

/** What the open tab, or the deepest open level, shows. */
export function Body(input: PaneInput): ReactNode {
  if (input.state.insight === undefined) return <NoData {...input} />;
  return <Overview {...input} />;
}
