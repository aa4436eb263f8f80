import { onAbort } from '../../domain/abort.ts';
import type { MoneyPhase } from '../../domain/run-event.ts';
import type { RunMoney } from '../../domain/run-money.ts';
import { budgetShares } from '../constants.ts';
import type { NanoDollars } from '../../domain/nano-dollars.ts';

/** Money put aside for one call until its cost is known. */
export type Reservation = {
  readonly amount: NanoDollars;
  /** Ends the reservation, once what the call cost is in the run's account. Only the first time counts. */
  release(): void;
};

/**
 * The budget of a run: what it has spent, by its account, and what is put aside. Invariant: spent +
 * reserved ≤ budget at every moment, as long as no call costs more than was reserved for it.
 */
export type BudgetLedger = {
  readonly budget: NanoDollars;
  spent(): NanoDollars;
  reserved(): NanoDollars;
  /** What could still be reserved once every call in flight had cost nothing. */
  remaining(): NanoDollars;
  /**
   * Puts money aside, waiting for other calls to settle where that may free enough. Undefined as soon
   * as the budget cannot hold it, or when `signal` is aborted.
   */
  reserve(
    phase: MoneyPhase,
    amount: NanoDollars,
    signal?: AbortSignal,
  ): Promise<Reservation | undefined>;
  /**
   * Whether the soft share of a phase still has room for `amount`: its own share, and what the other
   * phases did not use of theirs for the part `progress` (in [0, 1]) of the work that is done.
   */
  withinShare(phase: MoneyPhase, amount: NanoDollars, progress: number): boolean;
};

type Waiting = {
  phase: MoneyPhase;
  amount: NanoDollars;
  resolve(reservation: Reservation | undefined): void;
};

const moneyPhases: readonly MoneyPhase[] = ['decomposition', 'generation', 'review', 'evaluation'];

export function createBudgetLedger(
  budget: NanoDollars,
  account: Readonly<Pick<RunMoney, 'spent' | 'byPhase'>>,
  /** Hears how many calls wait for others to settle, whenever that changes. */
  onWait: (calls: number) => void = () => {},
): BudgetLedger {
  const reservedByPhase = { decomposition: 0, generation: 0, review: 0, evaluation: 0 };
  let reserved = 0;
  /** First come, first served: a large reservation is not starved by small ones. */
  const queue: Waiting[] = [];

  function take(phase: MoneyPhase, amount: NanoDollars): Reservation {
    reserved += amount;
    reservedByPhase[phase] += amount;
    let open = true;
    return {
      amount,
      release() {
        if (!open) return;
        open = false;
        reserved -= amount;
        reservedByPhase[phase] -= amount;
        serveQueue();
      },
    };
  }

  function serveQueue(): void {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      if (account.spent + next.amount > budget) next.resolve(undefined);
      else if (account.spent + reserved + next.amount <= budget)
        next.resolve(take(next.phase, next.amount));
      else return;
      queue.shift();
      onWait(queue.length);
    }
  }

  return {
    budget,
    spent: () => account.spent,
    reserved: () => reserved,
    remaining: () => Math.max(0, budget - account.spent),
    async reserve(phase, amount, signal) {
      if (account.spent + amount > budget) return undefined;
      if (queue.length === 0 && account.spent + reserved + amount <= budget)
        return take(phase, amount);
      return new Promise((resolve) => {
        const waiting: Waiting = {
          phase,
          amount,
          resolve: (reservation) => {
            off?.();
            resolve(reservation);
          },
        };
        queue.push(waiting);
        onWait(queue.length);
        const off = onAbort(signal, () => {
          const place = queue.indexOf(waiting);
          if (place === -1) return;
          queue.splice(place, 1);
          onWait(queue.length);
          resolve(undefined);
          serveQueue();
        });
      });
    },
    withinShare(phase, amount, progress) {
      let allowance = budgetShares[phase] * budget;
      for (const other of moneyPhases) {
        if (other === phase) continue;
        const due = other === 'decomposition' ? 1 : progress;
        allowance += Math.max(
          0,
          due * budgetShares[other] * budget - account.byPhase[other] - reservedByPhase[other],
        );
      }
      return account.byPhase[phase] + reservedByPhase[phase] + amount <= allowance;
    },
  };
}
