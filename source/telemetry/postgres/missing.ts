import type { Session } from './connector.ts';

/** Thrown by a read that needs something of the server, which is then fetched. */
export class Missing extends Error {
  readonly fetch: (session: Session) => Promise<void>;
  constructor(fetch: (session: Session) => Promise<void>) {
    super('not fetched yet');
    this.fetch = fetch;
  }
}

/** Repeats what lacks something until that was fetched. */
export async function complete<Result>(session: Session, action: () => Result): Promise<Result> {
  for (;;) {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof Missing)) throw error;
      await error.fetch(session);
    }
  }
}
