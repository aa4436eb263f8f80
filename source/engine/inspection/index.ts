import { createInspector, type Inspect } from './inspector.ts';

export type { Inspection } from './inspector.ts';
export type { InputOf, OperationName, OutputOf } from './contract.ts';

/** The inspector of this process; it costs nothing before the first long text. */
export const { inspect }: { inspect: Inspect } = createInspector();
