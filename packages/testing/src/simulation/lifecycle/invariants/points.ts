// Points: what earns them earns them once, and the account is what its events add up to.
import { uuid5 } from '@tenure/core';
import { groupBy, holds } from '../../invariants/facts.ts';
import { PROGRAM } from '../bodies.ts';
import { stateOf } from './commands.ts';
import type { Facts } from './facts.ts';

const MINOR_PER_POINT = 100;

const accountOf = (customerId: string): string => uuid5(customerId, PROGRAM);

/** Accounts that rested or ended at some time: what they earn depends on when. */
const restedIn = (facts: Facts): ReadonlySet<string> =>
  new Set(
    [...facts.of('MembershipSuspended'), ...facts.of('MembershipClosed')].map(({ data }) => data.accountId),
  );

export const checkEarned = (facts: Facts): void => {
  const rested = restedIn(facts);
  const lots = groupBy(facts.of('PointsAccrued'), ({ data }) =>
    [data.accountId, data.sourceType, data.sourceId, data.sourceLineId ?? ''].join(' '),
  );
  for (const [source, own] of lots)
    holds(own.length === 1, 'what earns points earns them once', `${source}: ${own.length} lots`);
  const pointsOf = (...source: readonly string[]): number =>
    lots.get(source.join(' '))?.[0]?.data.points ?? 0;
  for (const { key, data } of facts.of('OrderFulfilled')) {
    const account = accountOf(key);
    if (rested.has(account)) continue;
    for (const { lineId, total, tax } of data.lines) {
      const due = Math.floor((total.minor - tax.minor) / MINOR_PER_POINT);
      const found = pointsOf(account, 'ORDER', data.orderId, lineId);
      holds(
        found === due,
        'each fulfilled line earns its points',
        `${data.orderId} ${lineId}: ${found}, not ${due}`,
      );
    }
  }
  for (const { key, data } of facts.of('RemedyAccepted')) {
    if (data.kind !== 'POINTS' || rested.has(accountOf(key))) continue;
    const found = pointsOf(accountOf(key), 'COMPLAINT_REMEDY', data.complaintId, '');
    holds(found === data.points, 'each accepted remedy is fulfilled', `${data.complaintId}: ${found}`);
  }
};

export const checkTakenBack = (facts: Facts): void => {
  const reversals = groupBy(facts.of('PointsReversed'), ({ data }) => `${data.lotId} ${data.causeId}`);
  const ended = new Set(facts.of('MembershipClosed').map(({ data }) => data.accountId));
  for (const [cause, own] of reversals)
    holds(own.length === 1, 'a return takes points back once', `${cause}: ${own.length} times`);
  for (const { key, data } of facts.of('RefundIssued'))
    for (const { data: lot } of facts.of('PointsAccrued')) {
      const isOf =
        lot.sourceId === data.orderId && data.lines.some(({ lineId }) => lineId === lot.sourceLineId);
      if (!isOf || lot.accountId !== accountOf(key) || ended.has(lot.accountId)) continue;
      const found = reversals.has(`${lot.lotId} ${data.returnId}`);
      holds(found, 'each refund takes its points back', `${data.returnId} ${lot.lotId}`);
    }
  for (const { data: lot } of facts.of('PointsAccrued')) {
    const taken = facts.of('PointsReversed').filter(({ data }) => data.lotId === lot.lotId);
    const gone = taken.reduce((points, { data }) => points + data.points, 0);
    holds(
      gone <= lot.points,
      'no more is taken back than was earned',
      `${lot.lotId}: ${gone} of ${lot.points}`,
    );
  }
  for (const { data } of facts.of('PointsTransferredOut')) {
    const arrived = facts.of('PointsTransferredIn').filter((one) => one.data.transferId === data.transferId);
    const back = facts.of('PointsAdjusted').filter((one) => one.data.transferId === data.transferId);
    const detail = `${data.transferId}: arrived ${arrived.length}, back ${back.length}`;
    holds(arrived.length + back.length === 1, 'a transfer arrives or comes back', detail);
  }
};

type Account = {
  readonly lots: readonly { readonly lotId: string; readonly left: number }[];
  readonly debt: number;
};

/** Balance = accrued + adjusted + transferred in − redeemed − expired − reversed − transferred out − forfeited. */
export const checkBalances = (facts: Facts): void => {
  for (const { data } of facts.of('MemberEnrolled')) {
    const { accountId } = data;
    const { lots, debt } = stateOf(facts, `loyaltyaccount-${accountId}`) as unknown as Account;
    const forfeited = facts.of('MembershipClosed').filter((one) => one.data.accountId === accountId);
    const gone = forfeited.reduce((points, one) => points + one.data.forfeitedPoints, 0);
    for (const { lotId, left } of lots) holds(left >= 0, 'no lot is below nothing', `${lotId}: ${left}`);
    const has = sum(lots.map(({ left }) => left)) - debt;
    const due = movements(facts, accountId) - gone;
    holds(
      forfeited.length > 0 || has === due,
      'points add up',
      `${accountId}: ${has}, the events say ${due}`,
    );
  }
};

const sum = (points: readonly number[]): number => points.reduce((total, one) => total + one, 0);

const movements = (facts: Facts, accountId: string): number => {
  const own = <T extends { readonly accountId: string }>(
    events: readonly { readonly data: T }[],
  ): readonly T[] => events.map(({ data }) => data).filter((data) => data.accountId === accountId);
  const redeemed = own(facts.of('PointsRedeemed'));
  const reversedIds = new Set(own(facts.of('RedemptionReversed')).map(({ redemptionId }) => redemptionId));
  return (
    sum(own(facts.of('PointsAccrued')).map(({ points }) => points)) +
    sum(own(facts.of('PointsAdjusted')).map(({ points }) => points)) +
    sum(own(facts.of('PointsTransferredIn')).flatMap(({ lots }) => lots.map(({ points }) => points))) -
    sum(redeemed.map((one) => (reversedIds.has(one.redemptionId) ? 0 : one.points))) -
    sum(own(facts.of('PointsExpired')).map(({ points }) => points)) -
    sum(own(facts.of('PointsReversed')).map(({ points }) => points)) -
    sum(own(facts.of('PointsTransferredOut')).map(({ points }) => points))
  );
};

/** Points are taken in the order in which they expire, and never from what has expired. */
export const checkRedemptions = (facts: Facts): void => {
  const lots = [
    ...facts.of('PointsAccrued').map(({ data }) => data),
    ...facts.of('PointsTransferredIn').flatMap(({ data }) => data.lots),
    ...facts.of('PointsAdjusted').flatMap(({ data }) => data.lot ?? []),
  ];
  const expiries = new Map(lots.map(({ lotId, expiresOn }) => [lotId, expiresOn]));
  for (const { data } of facts.of('PointsRedeemed')) {
    const { points, allocations, redemptionId } = data;
    const taken = sum(allocations.map((one) => one.points));
    holds(taken === points, 'a redemption is paid in full', `${redemptionId}: ${taken} of ${points}`);
    const order = allocations.map(({ lotId }) => expiries.get(lotId) ?? '9999-99-99');
    holds(String(order) === String(order.toSorted()), 'what expires first is spent first', redemptionId);
  }
};
