import { policyBook, type DeadlineSet } from '@tenure/service-kit';
import { describe, expect, it } from 'vitest';
import {
  accountId,
  accrued,
  at,
  closed,
  customerId,
  enrolled,
  given,
  limits,
  lotOf,
  redeemed,
  reinstated,
  suspended,
  tierChanged,
  type AccountFact,
} from '../test/members.ts';
import { deadlines } from './deadlines.ts';

const policies = policyBook([limits]);

const waits = (facts: readonly AccountFact[], zone = 'UTC'): readonly DeadlineSet[] =>
  deadlines.states?.['loyaltyaccount']?.(given(...facts).state(), {
    policies,
    zone,
    id: accountId,
    customerId,
  }) ?? [];
/** What is due on which day. */
const due = (facts: readonly AccountFact[], zone = 'UTC') =>
  Object.fromEntries(waits(facts, zone).map((one) => [one.command.command, 'day' in one ? one.day : one.at]));

const locked = (line: string, on: string, availableAt: string, more: object = {}) =>
  accrued(line, { points: 100, on, availableAt: at(availableAt), ...more });
const unlocked = (line: string) =>
  ({ type: 'PointsUnlocked', data: { accountId, lotId: lotOf(line) } }) as const satisfies AccountFact;

describe('what an account waits for', () => {
  it('is nothing without points and above no tier', () => {
    expect(waits([enrolled])).toEqual([]);
  });

  it('is the end of the last locked day, the earliest lot first', () => {
    const [a, b] = [
      locked('a', '2026-01-19', '2026-02-19T00:00:00Z'),
      locked('b', '2026-01-10', '2026-02-10T00:00:00Z'),
    ];
    expect(due([enrolled, a])).toMatchObject({ UnlockPoints: '2026-02-18' });
    expect(due([enrolled, a, b])).toMatchObject({ UnlockPoints: '2026-02-09' });
    expect(due([enrolled, a, b, unlocked('b')])).toMatchObject({ UnlockPoints: '2026-02-18' });
    expect(due([enrolled, a, b, unlocked('b'), unlocked('a')])).not.toHaveProperty('UnlockPoints');
    expect(due([enrolled, locked('c', '2026-01-19', '2026-02-18T16:00:00Z')], 'Asia/Shanghai')).toMatchObject(
      {
        UnlockPoints: '2026-02-18',
      },
    );
  });

  it('is the last day of the lot that expires first, while something is left in it', () => {
    const facts = [
      enrolled,
      accrued('late', { points: 100, expiresOn: '2027-12-31' }),
      accrued('soon', { points: 100, expiresOn: '2026-06-30' }),
      accrued('never', { points: 100, expiresOn: null }),
    ];
    expect(due(facts)).toEqual({ ExpirePoints: '2026-06-30' });
    expect(due([...facts, redeemed('spent', 100, ['soon', 100])])).toEqual({ ExpirePoints: '2027-12-31' });
  });

  it('is the end of the first year in which the tier is not earned', () => {
    const silver = [
      enrolled,
      accrued('a', { points: 1_180, on: '2026-01-19', expiresOn: null }),
      tierChanged('BRONZE', 'SILVER', 1_000, { on: '2026-01-19' }),
    ];
    expect(waits(silver)).toEqual([
      {
        set: `loyaltyaccount-${accountId}/tier`,
        day: '2027-12-31',
        command: {
          aggregate: 'loyaltyaccount',
          id: accountId,
          customerId,
          command: 'ChangeTier',
          body: { closedYear: 2027 },
        },
      },
    ]);
    const again = accrued('b', { points: 1_000, on: '2027-03-01', expiresOn: null });
    expect(due([...silver, again])).toEqual({ ChangeTier: '2028-12-31' });
    const bronze = tierChanged('SILVER', 'BRONZE', 0, { direction: 'DOWN', on: '2028-01-01' });
    expect(due([...silver, bronze])).toEqual({});
  });

  it('goes on while the membership rests, and ends when it is closed', () => {
    const facts = [enrolled, accrued('a', { points: 100 })];
    expect(due([...facts, suspended])).toEqual(due(facts));
    expect(due([...facts, suspended, reinstated])).toEqual(due(facts));
    expect(due([...facts, closed])).toEqual({});
  });

  it('is told in several commands when many lots are due on one day', () => {
    const lots = Array.from({ length: 1_001 }, (_, i) => accrued(`line ${i}`, { points: 1 }));
    const keys = waits([enrolled, ...lots]).map(({ set }) => set.slice(set.indexOf('/')));
    expect(keys).toEqual(['/expire', '/expire/1', '/expire/2']);
  });
});
