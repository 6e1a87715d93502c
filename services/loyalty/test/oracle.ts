// Points counted a second time, from the events alone and in another way: as a ledger of entries, never as lots.
import { dateAt } from '@tenure/core';
import type { AccountFact } from './members.ts';

type Happened = AccountFact & { readonly occurredAt: number };
type Entry = { readonly lotId: string; readonly points: number };

export type Counted = {
  /** By the formula of the domain. */
  readonly balance: number;
  readonly debt: number;
  left(lotId: string): number;
  /** Points of orders less what was taken back, by year. */
  value(year: number): number;
};

/** `events` with the times at which they happened. */
export const count = (events: readonly Happened[]): Counted => {
  const entries: Entry[] = [];
  const paidOff: Entry[] = [];
  let debt = 0;
  for (const event of events) {
    debt += event.type === 'PointsReversed' ? event.data.shortfall : 0;
    for (const { lotId, points } of openedBy(event)) {
      const paid = Math.min(debt, points);
      debt -= paid;
      paidOff.push({ lotId, points: -paid });
    }
    entries.push(...entriesOf(event, events));
  }
  const isOver = events.some(({ type }) => type === 'MembershipClosed');
  const forfeited = events.reduce(
    (sum, { type, data }) => sum + (type === 'MembershipClosed' ? data.forfeitedPoints : 0),
    0,
  );
  // What is taken back beyond what a lot holds is taken from the balance all the same.
  const shortfalls = sum(events.map((event) => (event.type === 'PointsReversed' ? event.data.shortfall : 0)));
  return {
    balance: sum(entries.map(({ points }) => points)) - shortfalls - forfeited,
    debt,
    left: (lotId) =>
      isOver ? 0 : sum([...entries, ...paidOff].map((entry) => (entry.lotId === lotId ? entry.points : 0))),
    value: (year) => valueOf(events, year),
  };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const openedBy = ({ type, data }: Happened): readonly Entry[] => {
  if (type === 'PointsAccrued') return [data];
  if (type === 'PointsTransferredIn') return data.lots;
  const lot = type === 'PointsAdjusted' ? data.lot : null;
  return lot === null ? [] : [lot];
};

const signed = (entries: readonly Entry[], sign: number): readonly Entry[] =>
  entries.map(({ lotId, points }) => ({ lotId, points: sign * points }));

/** What an event puts into lots, or takes out of them. */
const entriesOf = (event: Happened, all: readonly Happened[]): readonly Entry[] => {
  const { type, data } = event;
  if (type === 'PointsRedeemed') return signed(data.allocations, -1);
  if (type === 'PointsTransferredOut') return signed(data.allocations, -1);
  if (type === 'PointsExpired') return signed([data], -1);
  if (type === 'PointsReversed') {
    const { lotId, points, shortfall } = data;
    return [{ lotId, points: shortfall - points }];
  }
  if (type === 'RedemptionReversed') return redeemedBy(data.redemptionId, all);
  if (type !== 'PointsAdjusted') return openedBy(event);
  const { points, allocations } = data;
  return [...openedBy(event), ...signed(allocations, Math.sign(points))];
};

const redeemedBy = (redemptionId: string, all: readonly Happened[]): readonly Entry[] =>
  all.flatMap((event) =>
    event.type === 'PointsRedeemed' && event.data.redemptionId === redemptionId ? event.data.allocations : [],
  );

const valueOf = (events: readonly Happened[], year: number): number => {
  const ofYear = events.filter(({ occurredAt }) => dateAt(occurredAt, 'UTC').startsWith(String(year)));
  const orders = new Set(
    events.flatMap((event) =>
      event.type === 'PointsAccrued' && event.data.sourceType === 'ORDER' ? [event.data.lotId] : [],
    ),
  );
  return sum(
    ofYear.map((event) => {
      if (event.type === 'PointsAccrued') return orders.has(event.data.lotId) ? event.data.points : 0;
      return event.type === 'PointsReversed' && orders.has(event.data.lotId) ? -event.data.points : 0;
    }),
  );
};
