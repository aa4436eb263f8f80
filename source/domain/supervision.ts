/** The work on a project that is not an answer. */
export type SupportRole = 'planner' | 'critic' | 'judge';

/** Who is to do it, in order of preference; empty: by capability. */
export type Roles = Readonly<Record<SupportRole, readonly string[]>>;

export const openRoles: Roles = { planner: [], critic: [], judge: [] };

export type SupervisionSettings = {
  /** The largest share of a run's money, in [0, 1], that is to go to critiques and judgements. */
  maxShare: number;
};

export const defaultSupervision: SupervisionSettings = { maxShare: 0.3 };
