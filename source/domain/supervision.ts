/** The work on a project that is not an answer. */
export type SupportRole = 'planner' | 'critic' | 'judge';

/** Who is to do it, in order of preference; empty: by capability. */
export type Roles = Readonly<Record<SupportRole, readonly string[]>>;

export const openRoles: Roles = { planner: [], critic: [], judge: [] };

export type SupervisionSettings = {
  /** The largest share of a run's money, in [0, 1], that is to go to critiques and judgements. */
  maxShare: number;
  /** The share of results, in [0, 1], about which a person is asked whether they are good; absent: the usual one. */
  ask?: number;
};

/** A plan of so many tasks or fewer has no ceiling at all: of a small run every result is judged. */
export const smallPlan = 6;

export const defaultSupervision: SupervisionSettings = { maxShare: 0.3 };
