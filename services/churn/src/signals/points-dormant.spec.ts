import { describe, expect, it } from 'vitest';
import { day, idOf, points, seen, severity } from '../../test/story.ts';
import { pointsDormant } from './points-dormant.ts';

const enrolled = points('MemberEnrolled', day(0));
const accrued = (offset: number, n: number) => points('PointsAccrued', day(offset), { points: n });
const redeemed = (offset: number, n: number) =>
  points('PointsRedeemed', day(offset), { points: n, redemptionId: idOf('redemption') });
const expired = (offset: number, n: number) => points('PointsExpired', day(offset), { points: n });

describe('POINTS_DORMANT', () => {
  it('is low after 180 days without accrual or redemption, while there is a balance', () => {
    expect(severity(pointsDormant, day(189), enrolled, accrued(10, 100))).toBe(0);
    expect(seen(pointsDormant, day(190), enrolled, accrued(10, 100))).toMatchObject({
      severity: 1,
      observed: { balance: 100, activeOn: day(10) },
    });
    expect(severity(pointsDormant, day(190), enrolled, accrued(10, 100), redeemed(50, 1))).toBe(0);
  });

  it('is silent without a balance, and for a membership that is closed', () => {
    expect(severity(pointsDormant, day(500), enrolled)).toBe(0);
    expect(severity(pointsDormant, day(500), enrolled, accrued(10, 100), redeemed(20, 100))).toBe(0);
    const closed = points('MembershipClosed', day(20));
    expect(severity(pointsDormant, day(500), enrolled, accrued(10, 100), closed)).toBe(0);
  });

  it('is low when half of the points expired and none was redeemed', () => {
    const half = [enrolled, accrued(0, 200), expired(30, 100), accrued(40, 0)];
    expect(severity(pointsDormant, day(50), ...half)).toBe(1);
    expect(severity(pointsDormant, day(50), enrolled, accrued(0, 200), expired(30, 99))).toBe(0);
    expect(
      severity(pointsDormant, day(50), enrolled, accrued(0, 210), redeemed(5, 10), expired(30, 100)),
    ).toBe(0);
  });

  it('knows every way points come and go', () => {
    const left = (...more: readonly ReturnType<typeof points>[]) =>
      seen(pointsDormant, day(400), enrolled, accrued(0, 100), ...more)?.observed['balance'];
    expect(left(points('PointsReversed', day(1), { points: 30 }))).toBe(70);
    expect(left(points('PointsAdjusted', day(1), { points: -20 }))).toBe(80);
    expect(left(points('PointsTransferredOut', day(1), { points: 40 }))).toBe(60);
    expect(left(points('PointsTransferredIn', day(1), { lots: [{ points: 5 }, { points: 6 }] }))).toBe(111);
    const back = points('RedemptionReversed', day(2), { redemptionId: idOf('redemption') });
    expect(left(redeemed(1, 60))).toBe(40);
    expect(left(redeemed(1, 60), back)).toBe(100);
  });
});
