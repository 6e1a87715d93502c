// However a process is stopped, it ends as it would have; and whatever comes again changes nothing.
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  START,
  FULFILLED,
  NOW,
  programId,
  accountOf,
  opened,
  registered,
  packs,
  fulfilled,
  type Chain,
  whateverHappens,
  typesOf,
  accountState,
  pointsIn,
  told,
} from './chain.ts';
import type { Club, Death, Told } from './club.ts';
import { at, cny } from './members.ts';

describe('OrderToLoyalty and TierEvaluation', () => {
  it('make a member, earn points line by line and raise the tier', async () => {
    const club = await whateverHappens(told(fulfilled()));
    expect(await typesOf(club)).toEqual(['MemberEnrolled', 'PointsAccrued', 'PointsAccrued', 'TierChanged']);
    expect(
      (await club.facts()).filter(({ type }) => type === 'PointsAccrued').map(({ data }) => data),
    ).toMatchObject([
      {
        points: 800,
        base: cny(80_000),
        qty: 2,
        availableAt: at('2026-02-19T00:00:00Z'),
        expiresOn: '2027-12-31',
      },
      { points: 380, base: cny(38_000), qty: 10 },
    ]);
    expect((await club.facts()).at(-1)?.data).toMatchObject({
      toTierId: 'SILVER',
      qualifyingValue: '1180',
      period: '2026',
    });
    expect(await pointsIn(club)).toEqual({ available: 0, pending: 1_180 });
  });

  it('earn for a member who is there already, and date it like its cause', async () => {
    const club = await whateverHappens(told(fulfilled(), fulfilled('lin', 'A2')));
    expect((await typesOf(club)).filter((type) => type === 'MemberEnrolled')).toHaveLength(1);
    expect(new Set((await club.events()).slice(3).map(({ occurredAt }) => occurredAt))).toEqual(
      new Set([FULFILLED]),
    );
  });

  it('enrol nobody of the house, and nobody when the programme does not say so', async () => {
    const own = async (death: Death): Promise<Club> => {
      const club = await opened(death);
      await club.tell(registered('own shop', 'INTERNAL'));
      await club.tell(fulfilled('own shop'));
      await club.settle(NOW);
      return club;
    };
    expect(await typesOf(await own({ at: 0, when: 'before' }))).toEqual([]);
    const asked = await opened({ at: 0, when: 'before' }, false);
    await asked.tell(fulfilled());
    await asked.settle(NOW);
    expect(await typesOf(asked)).toEqual([]);
  });

  it('enrol who is known by his id only', async () => {
    expect(await typesOf(await told(fulfilled('a stranger'))({ at: 0, when: 'before' }))).toContain(
      'MemberEnrolled',
    );
  });

  it('earn nothing while the membership rests', async () => {
    const club = await opened({ at: 0, when: 'before' });
    await club.send(
      'loyaltyaccount',
      undefined,
      'EnrolMember',
      { customerId: idOf('lin'), programId },
      START,
    );
    await club.send(
      'loyaltyaccount',
      accountOf('lin'),
      'SuspendMembership',
      { reason: 'looked into' },
      START + 1,
    );
    await club.tell(fulfilled());
    await club.settle(NOW);
    await club.send('loyaltyaccount', accountOf('lin'), 'ReinstateMembership', {}, NOW);
    await club.settle(NOW);
    expect(await pointsIn(club)).toEqual({ available: 0, pending: 0 });
    expect(club.refused).toContain('ILLEGAL_STATE');
  });
});

describe('ReturnToLoyalty', () => {
  const refund = (name: string, qty: number): Told => ({
    source: 'order',
    type: 'RefundIssued',
    customer: 'lin',
    at: FULFILLED + 1,
    data: {
      returnId: idOf(name),
      orderId: idOf('A1'),
      amount: cny(1),
      lines: [{ lineId: packs.lineId, qty }],
    },
  });

  it('takes back what the returned pieces had earned, and the tier that rose with them', async () => {
    const club = await whateverHappens(told(fulfilled(), refund('R1', 5), refund('R2', 5)));
    const reversals = (await club.facts())
      .filter(({ type }) => type === 'PointsReversed')
      .map(({ data }) => data);
    expect(reversals).toMatchObject([
      { points: 190, shortfall: 0, qty: 5, cause: 'RETURN', causeId: idOf('R1') },
      { points: 190, shortfall: 0, qty: 5, causeId: idOf('R2') },
    ]);
    expect(await pointsIn(club)).toEqual({ available: 0, pending: 800 });
    expect((await accountState(club)).tier.tierId).toBe('BRONZE');
  });

  it('takes back everything when an order is cancelled after all', async () => {
    const cancelled: Told = {
      source: 'order',
      type: 'OrderCancelled',
      customer: 'lin',
      at: FULFILLED + 1,
      data: { orderId: idOf('A1'), opportunityId: null, reasonCode: 'FRAUD', by: 'COMPANY' },
    };
    const club = await whateverHappens(told(fulfilled(), cancelled));
    expect(await pointsIn(club)).toEqual({ available: 0, pending: 0 });
    expect((await accountState(club)).tier.tierId).toBe('BRONZE');
  });
});

describe('PointsTransfer', () => {
  const transfer =
    (between: (club: Club) => Promise<unknown>): Chain =>
    async (death) => {
      const club = await opened(death);
      const to = (customer: string, command: string, body: object) =>
        club.send('loyaltyaccount', accountOf(customer), command, body, NOW);
      for (const customer of ['lin', 'wang'])
        await club.send(
          'loyaltyaccount',
          undefined,
          'EnrolMember',
          { customerId: idOf(customer), programId },
          START,
        );
      await to('lin', 'AdjustPoints', {
        points: 900,
        reason: 'moved from the old programme',
        lotId: idOf('old lot'),
      });
      await to('lin', 'TransferPoints', {
        transferId: idOf('gift'),
        toAccountId: accountOf('wang'),
        points: 400,
      });
      await between(club);
      await club.settle(NOW);
      return club;
    };

  it('delivers the points with the day on which they expire', async () => {
    const club = await whateverHappens(transfer(async () => undefined));
    expect(await pointsIn(club)).toEqual({ available: 500, pending: 0 });
    expect(await pointsIn(club, 'wang')).toEqual({ available: 400, pending: 0 });
    expect((await accountState(club, 'wang')).lots).toMatchObject([{ left: 400, expiresOn: '2027-12-31' }]);
  });

  it.each(['SuspendMembership', 'CloseMembership'])(
    'brings them back into the same lots after %s of the other',
    async (command) => {
      const club = await whateverHappens(
        transfer((running) =>
          running.send('loyaltyaccount', accountOf('wang'), command, { reason: 'because' }, NOW),
        ),
      );
      expect(await pointsIn(club)).toEqual({ available: 900, pending: 0 });
      expect(await pointsIn(club, 'wang')).toEqual({ available: 0, pending: 0 });
      expect((await accountState(club)).lots).toMatchObject([{ lotId: idOf('old lot'), left: 900 }]);
      expect((await typesOf(club)).at(-1)).toBe('PointsAdjusted');
    },
  );

  it('gives nothing a second time when the other comes back after the points went back', async () => {
    const club = await transfer((running) =>
      running.send('loyaltyaccount', accountOf('wang'), 'SuspendMembership', { reason: 'because' }, NOW),
    )({ at: 0, when: 'before' });
    await club.send('loyaltyaccount', accountOf('wang'), 'ReinstateMembership', {}, NOW);
    await club.settle(NOW);
    expect([await pointsIn(club), await pointsIn(club, 'wang')]).toMatchObject([
      { available: 900 },
      { available: 0 },
    ]);
    expect(club.refused).toContain('TRANSFER_RETURNED');
  });
});

describe('RemedyFulfilment', () => {
  const accepted = (kind: string, points: number | null): Told => ({
    source: 'service',
    type: 'RemedyAccepted',
    customer: 'lin',
    at: at('2026-03-20T00:00:00Z'),
    data: { complaintId: idOf('Q'), kind, value: null, points },
  });

  it('gives the points at once, to somebody who was no member too', async () => {
    const club = await whateverHappens(told(accepted('POINTS', 300)));
    expect(await typesOf(club)).toEqual(['MemberEnrolled', 'PointsAccrued']);
    expect(await pointsIn(club)).toEqual({ available: 300, pending: 0 });
    const member = await whateverHappens(told(fulfilled(), accepted('POINTS', 300)));
    expect(await pointsIn(member)).toEqual({ available: 300, pending: 1_180 });
  });

  it('leaves other remedies to others', async () => {
    expect(await typesOf(await told(accepted('DISCOUNT', null))({ at: 0, when: 'before' }))).toEqual([]);
  });
});
