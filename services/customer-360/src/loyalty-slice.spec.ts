import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day, folded, idOf, recorded, happened, type Told } from '../test/stories.ts';
import { loyaltySlice, type LoyaltySlice } from './loyalty-slice.ts';

const after = (...events: readonly Told[]): LoyaltySlice =>
  folded(loyaltySlice('UTC'), recorded('loyalty', events));
const account = { accountId: idOf('account') };
const enrolled = happened('MemberEnrolled', day(0), {
  ...account,
  programId: idOf('club'),
  programVersion: 1,
  tierId: 'BRONZE',
});
const START = Date.UTC(1997, 0, 1);
const accrued = (
  lot: string,
  points: number,
  {
    locked = false,
    expiresOn = day(365),
  }: { readonly locked?: boolean; readonly expiresOn?: string | null } = {},
): Told =>
  happened('PointsAccrued', day(0), {
    ...account,
    lotId: idOf(lot),
    points,
    sourceType: 'ORDER',
    sourceId: idOf('order'),
    ruleId: 'base',
    ruleVersion: 1,
    availableAt: locked ? START + 30 * 86_400_000 : START,
    expiresOn,
  });
const unlocked = (lot: string): Told => happened('PointsUnlocked', day(30), { ...account, lotId: idOf(lot) });
const redeemed = (name: string, ...allocations: readonly [string, number][]): Told =>
  happened('PointsRedeemed', day(40), {
    ...account,
    redemptionId: idOf(name),
    allocations: allocations.map(([lot, points]) => ({ lotId: idOf(lot), points })),
  });
const pointsOf = ({ accounts: [first] }: LoyaltySlice) => [first?.available, first?.pending, first?.debt];

describe('an account', () => {
  it('is there from the enrolment on, in its tier', () => {
    expect(after(enrolled).accounts).toMatchObject([
      { ...account, tierId: 'BRONZE', status: 'Active', available: 0 },
    ]);
    const up = happened('TierChanged', day(1), {
      ...account,
      fromTierId: 'BRONZE',
      toTierId: 'SILVER',
      direction: 'UP',
    });
    expect(after(enrolled, up).accounts[0]?.tierId).toBe('SILVER');
  });

  it('tells points that may be spent from those that may not yet', () => {
    expect(pointsOf(after(enrolled, accrued('a', 800, { locked: true }), accrued('b', 300)))).toEqual([
      300, 800, 0,
    ]);
    expect(pointsOf(after(enrolled, accrued('a', 800, { locked: true }), unlocked('a')))).toEqual([
      800, 0, 0,
    ]);
  });

  it('knows on which day points are void next, and how many', () => {
    const state = after(
      enrolled,
      accrued('a', 100),
      accrued('b', 50, { expiresOn: day(90) }),
      accrued('c', 7, { expiresOn: day(90) }),
    );
    expect(state.accounts[0]?.nextExpiry).toEqual({ on: day(90), points: 57 });
    const expired = happened('PointsExpired', day(91), { ...account, lotId: idOf('b'), points: 50 });
    expect(after(enrolled, accrued('b', 50, { expiresOn: day(90) }), expired).accounts[0]).toMatchObject({
      lots: [],
      nextExpiry: null,
    });
    expect(after(enrolled, accrued('a', 9, { expiresOn: null })).accounts[0]?.nextExpiry).toBeNull();
  });

  it('gets redeemed points back into the same lots', () => {
    const spent = [enrolled, accrued('a', 100), accrued('b', 50), redeemed('r', ['a', 100], ['b', 20])];
    expect(pointsOf(after(...spent))).toEqual([30, 0, 0]);
    const state = after(
      ...spent,
      happened('RedemptionReversed', day(41), { ...account, redemptionId: idOf('r') }),
    );
    expect(pointsOf(state)).toEqual([150, 0, 0]);
    expect(state.accounts[0]?.nextExpiry).toEqual({ on: day(365), points: 150 });
  });

  it('owes what was spent before it was taken back, and pays with the next points', () => {
    const reversed = happened('PointsReversed', day(42), {
      ...account,
      lotId: idOf('a'),
      points: 100,
      shortfall: 70,
    });
    const owing = [enrolled, accrued('a', 100), redeemed('r', ['a', 70]), reversed];
    expect(pointsOf(after(...owing))).toEqual([0, 0, 70]);
    expect(pointsOf(after(...owing, accrued('b', 100)))).toEqual([30, 0, 0]);
    expect(pointsOf(after(...owing, accrued('b', 40)))).toEqual([0, 0, 30]);
  });

  it('gives and takes by transfer and by hand', () => {
    const out = happened('PointsTransferredOut', day(1), {
      ...account,
      allocations: [{ lotId: idOf('a'), points: 40 }],
    });
    const into = happened('PointsTransferredIn', day(1), {
      ...account,
      lots: [{ lotId: idOf('t'), points: 25, expiresOn: day(9) }],
    });
    const more = happened('PointsAdjusted', day(1), {
      ...account,
      points: 5,
      lot: { lotId: idOf('m'), points: 5, expiresOn: null },
      allocations: [],
    });
    const less = happened('PointsAdjusted', day(1), {
      ...account,
      points: -10,
      lot: null,
      allocations: [{ lotId: idOf('a'), points: 10 }],
    });
    expect(pointsOf(after(enrolled, accrued('a', 100), out, into, more, less))).toEqual([80, 0, 0]);
  });

  it('gets points back into the same lots when nobody took a transfer', () => {
    const allocations = [
      { lotId: idOf('a'), points: 100 },
      { lotId: idOf('b'), points: 20 },
    ];
    const transferId = idOf('t');
    const out = happened('PointsTransferredOut', day(1), { ...account, transferId, allocations });
    const back = happened('PointsAdjusted', day(1), {
      ...account,
      ...{ points: 120, lot: null, allocations, transferId },
    });
    const sent = [enrolled, accrued('a', 100), accrued('b', 50), out];
    expect(pointsOf(after(...sent))).toEqual([30, 0, 0]);
    expect(pointsOf(after(...sent, back))).toEqual([150, 0, 0]);
    expect(after(...sent, back).accounts[0]?.nextExpiry).toEqual({ on: day(365), points: 150 });
  });

  it('has nothing left when it is closed', () => {
    const closed = happened('MembershipClosed', day(9), { ...account, forfeitedPoints: 100 });
    expect(after(enrolled, accrued('a', 100), closed).accounts).toMatchObject([
      { status: 'Closed', available: 0, lots: [] },
    ]);
  });

  it('never shows fewer than no points, and adds up', () => {
    const lots = fc.array(fc.tuple(fc.integer({ min: 1, max: 500 }), fc.boolean()), { maxLength: 12 });
    fc.assert(
      fc.property(lots, (given) => {
        const state = after(
          enrolled,
          ...given.map(([points, locked], i) => accrued(`lot ${i}`, points, { locked })),
        );
        const [available = 0, pending = 0] = pointsOf(state);
        expect(available + pending).toBe(given.reduce((sum, [points]) => sum + points, 0));
      }),
    );
  });
});

describe('retention', () => {
  const kept = { retentionCaseId: idOf('retention') };
  const opened = happened('RetentionCaseOpened', day(0), {
    ...kept,
    riskLevel: 'HIGH',
    signalIds: [],
    ownerId: idOf('agent'),
  });
  const offered = happened('RetentionOfferMade', day(1), { ...kept, kind: 'DISCOUNT' });

  it('shows the open case with its offers, and how the last one ended', () => {
    expect(after(opened, offered).retention).toMatchObject({
      cases: 1,
      open: { ...kept, offers: 1, status: 'Offered' },
    });
    for (const [type, status] of [
      ['CustomerSaved', 'Saved'],
      ['CustomerLost', 'Lost'],
      ['RetentionFalseAlarm', 'FalseAlarm'],
    ] as const)
      expect(after(opened, happened(type, day(2), kept)).retention).toMatchObject({
        cases: 1,
        open: null,
        last: { status },
      });
  });

  it('is not moved by an event of another case', () => {
    const other = happened('CustomerSaved', day(2), { retentionCaseId: idOf('other'), byEventId: idOf('e') });
    expect(after(opened, other).retention).toEqual(after(opened).retention);
  });
});
