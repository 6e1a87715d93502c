// Points are lots: each was opened at one time, expires on one day, and is spent by itself.
import { ruleViolated, type CalendarDate, type Money } from '@tenure/core';
import type { AccrualSource, PointsAllocation } from '@tenure/events/generated/loyalty';

export type Lot = {
  readonly lotId: string;
  /** What it was opened with. */
  readonly points: number;
  /** What is left in it: never below 0. */
  readonly left: number;
  /** True while its points may not be spent yet. */
  readonly locked: boolean;
  /** ms */
  readonly availableAt: number;
  readonly expiresOn: CalendarDate | null;
  /** What earned it; null: received or put in by hand. */
  readonly source: LotSource | null;
  /** What reversals took back of it, shortfalls included, and the pieces of the line they were for. */
  readonly reversed: number;
  readonly returned: number;
  /** The returns and orders it was taken back for. */
  readonly causes: readonly string[];
};

export type LotSource = {
  readonly type: AccrualSource | 'UNKNOWN';
  readonly id: string;
  readonly lineId: string | null;
  readonly base: Money | null;
  readonly qty: number | null;
  readonly ruleId: string;
  readonly ruleVersion: number;
};

/** A lot that has just been opened; what it paid of a debt is not in it. */
export const openLot = (
  lot: Pick<Lot, 'lotId' | 'points' | 'locked' | 'availableAt' | 'expiresOn' | 'source'>,
  paid: number,
): Lot => ({ ...lot, left: lot.points - paid, reversed: 0, returned: 0, causes: [] });

export const isLive = ({ left }: Lot): boolean => left > 0;

/** True where the lot may be spent on a day. */
export const isSpendable = ({ left, locked, expiresOn }: Lot, today: CalendarDate): boolean =>
  left > 0 && !locked && (expiresOn === null || expiresOn >= today);

/** True where the last day of the lot has passed. */
export const isVoid = ({ left, expiresOn }: Lot, today: CalendarDate): boolean =>
  left > 0 && expiresOn !== null && expiresOn < today;

export const sumLeft = (lots: readonly Lot[]): number => lots.reduce((sum, { left }) => sum + left, 0);

/** Later than every date there is: what never expires is spent last. */
const NEVER = '9999-99-99';

/**
 * Takes points from lots: those that expire first, of equal ones those that came first.
 * @throws POINTS_NOT_THERE with what there is
 */
export const allocate = (lots: readonly Lot[], points: number): readonly PointsAllocation[] => {
  const available = sumLeft(lots);
  if (points > available)
    throw ruleViolated('POINTS_NOT_THERE', 'The account has fewer points than that.', { available });
  // Sorting is stable, and lots stand in the order in which they came.
  const inOrder = lots.toSorted((a, b) => {
    const [first, second] = [a.expiresOn ?? NEVER, b.expiresOn ?? NEVER];
    return first < second ? -1 : first > second ? 1 : 0;
  });
  const allocations: PointsAllocation[] = [];
  let open = points;
  for (const { lotId, left } of inOrder) {
    if (open === 0) break;
    const taken = Math.min(left, open);
    allocations.push({ lotId, points: taken });
    open -= taken;
  }
  return allocations;
};

/** The lots with one of them changed. */
export const withLot = (lots: readonly Lot[], lotId: string, change: (lot: Lot) => Lot): readonly Lot[] => {
  const at = lots.findIndex((lot) => lot.lotId === lotId);
  const lot = lots[at];
  return lot === undefined ? lots : lots.with(at, change(lot));
};

/** Takes points out of lots, or (`sign` +1) puts them back into the same ones. */
export const moved = (
  lots: readonly Lot[],
  allocations: readonly PointsAllocation[],
  sign: 1 | -1,
): readonly Lot[] =>
  allocations.reduce(
    (all, { lotId, points }) => withLot(all, lotId, (lot) => ({ ...lot, left: lot.left + sign * points })),
    lots,
  );
