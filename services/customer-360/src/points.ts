// The points of an account as the document shows them: lots with what is left of them, the rest follows.

/** What is left of a lot. `locked` until the return window has passed. */
export type Lot = {
  readonly expiresOn: string | null;
  readonly lotId: string;
  readonly locked: boolean;
  readonly points: number;
};

export type LoyaltyAccount = {
  readonly accountId: string;
  /** Points that may be spent. */
  readonly available: number;
  /** Points that were spent and then taken back: the next ones pay for them. */
  readonly debt: number;
  readonly enrolledOn: string;
  readonly eventId: string;
  readonly lastAccruedOn: string | null;
  readonly lastRedeemedOn: string | null;
  /** Lots with something left in them, in the order in which they came. */
  readonly lots: readonly Lot[];
  /** The next day on which points are void, and how many. */
  readonly nextExpiry: { readonly on: string; readonly points: number } | null;
  /** Points that are earned and may not be spent yet. */
  readonly pending: number;
  readonly programId: string;
  readonly status: 'Active' | 'Suspended' | 'Closed';
  readonly tierId: string;
};

/** The account with other lots, and all that follows from them. */
export const withLots = (account: LoyaltyAccount, lots: readonly Lot[]): LoyaltyAccount => {
  let available = 0;
  let pending = 0;
  let next: { on: string; points: number } | null = null;
  for (const { expiresOn, locked, points } of lots) {
    if (locked) pending += points;
    else available += points;
    if (expiresOn === null) continue;
    if (next === null || expiresOn < next.on) next = { on: expiresOn, points };
    else if (expiresOn === next.on) next.points += points;
  }
  return { ...account, available, lots, nextExpiry: next, pending };
};

/** Adds a lot; debt is paid first. A lot with nothing left is not kept. */
export const withLot = (account: LoyaltyAccount, lot: Lot): LoyaltyAccount => {
  const paid = Math.min(account.debt, lot.points);
  const rest = lot.points - paid;
  const lots = rest === 0 ? account.lots : [...account.lots, { ...lot, points: rest }];
  return withLots({ ...account, debt: account.debt - paid }, lots);
};

/** Takes points from lots. */
export const withTaken = (
  account: LoyaltyAccount,
  taken: readonly { readonly lotId: string; readonly points: number }[],
): LoyaltyAccount => {
  const by = new Map(taken.map(({ lotId, points }) => [lotId, points]));
  const lots = account.lots
    .map((lot) => ({ ...lot, points: lot.points - (by.get(lot.lotId) ?? 0) }))
    .filter(({ points }) => points > 0);
  return withLots(account, lots);
};

/** A lot may be spent from now on. */
export const withUnlocked = (account: LoyaltyAccount, lotId: string): LoyaltyAccount =>
  withLots(
    account,
    account.lots.map((lot) => (lot.lotId === lotId ? { ...lot, locked: false } : lot)),
  );
