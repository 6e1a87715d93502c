import { uuid5 } from '@tenure/core';
import { idOf, SCENARIO_NOW } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  accountId,
  accrued,
  closed,
  commands,
  DAY,
  enrolled,
  given,
  limits,
  lotOf,
  sender,
  suspended,
  transferredOut,
  type AccountFact,
} from '../test/members.ts';
import { pointsOfAccount } from './account-state.ts';

const send = (points: number, name = 'present') =>
  ({
    name: 'TransferPoints',
    data: { transferId: idOf(name), toAccountId: idOf('other account'), points },
  }) as const;
const history = [
  enrolled,
  accrued('late', { points: 3_000, expiresOn: '2026-12-31' }),
  accrued('soon', { points: 3_000, expiresOn: '2026-06-30' }),
];
const other = { ...sender, transfers: [] };

describe('TransferPoints', () => {
  it('takes the lots that expire first', () => {
    given(...history)
      .when(send(4_000), { other })
      .then({
        type: 'PointsTransferredOut',
        data: {
          accountId,
          transferId: idOf('present'),
          toAccountId: idOf('other account'),
          points: 4_000,
          allocations: [
            { lotId: lotOf('soon'), points: 3_000 },
            { lotId: lotOf('late'), points: 1_000 },
          ],
        },
      });
  });

  it('goes to another account of the same programme that is Active', () => {
    const refused = (change: object | null, toAccountId = idOf('other account')) =>
      given(...history)
        .when(
          { name: 'TransferPoints', data: { ...send(100).data, toAccountId } },
          { other: change === null ? null : { ...other, ...change } },
        )
        .refused('TRANSFER_TARGET');
    refused({ status: 'Suspended' });
    refused({ status: 'Closed' });
    refused({ status: '∅' });
    refused({ programId: idOf('another club') });
    refused(null);
    refused({}, accountId);
  });

  it('is 100 to 5,000 points of those that may be spent', () => {
    given(...history)
      .when(send(99), { other })
      .refused('TRANSFER_TOO_SMALL', { least: 100 });
    expect(
      given(...history)
        .when(send(100), { other })
        .facts(),
    ).toHaveLength(1);
    expect(
      given(...history)
        .when(send(5_000), { other })
        .facts(),
    ).toHaveLength(1);
    given(...history)
      .when(send(5_001), { other })
      .refused('LIMIT_EXCEEDED', { limit: 'transfer', value: 5_000 });
    const wait = accrued('wait', { points: 500, availableAt: SCENARIO_NOW + DAY });
    given(enrolled, wait).when(send(100), { other }).refused('POINTS_NOT_THERE', { available: 0 });
  });

  it('is at most 10,000 points in a calendar year, without those that came back', () => {
    const rich = [enrolled, accrued('a', { points: 50_000, expiresOn: null })];
    const sent = [transferredOut('one', 5_000, 'a'), transferredOut('two', 4_900, 'a')];
    expect(
      given(...rich, ...sent)
        .when(send(100), { other })
        .facts(),
    ).toHaveLength(1);
    given(...rich, ...sent)
      .when(send(101), { other })
      .refused('LIMIT_EXCEEDED', { limit: 'transferPerYear', value: 10_000 });
    const nextYear = { other, now: SCENARIO_NOW + 365 * DAY, today: '2027-01-15' };
    expect(
      given(...rich, ...sent)
        .when(send(101), nextYear)
        .facts(),
    ).toHaveLength(1);
    expect(
      given(...rich, ...sent, returned('one', 5_000))
        .when(send(101), { other })
        .facts(),
    ).toHaveLength(1);
  });

  it('counts a transfer once', () => {
    given(...history, transferredOut('present', 100, 'late'))
      .when(send(100), { other })
      .refused('DUPLICATE_TRANSFER');
  });
});

const returned = (name: string, points: number) =>
  ({
    type: 'PointsAdjusted',
    data: {
      accountId,
      points,
      lot: null,
      allocations: [{ lotId: lotOf('a'), points }],
      transferId: idOf(name),
      reason: { $sealed: idOf('some event'), field: 'reason' },
      approvedBy: { kind: 'process', id: 'PointsTransfer' },
    },
  }) as const satisfies AccountFact;

describe('ReceivePoints', () => {
  const arrived = {
    type: 'PointsTransferredIn',
    data: {
      accountId,
      transferId: idOf('gift'),
      fromAccountId: idOf('their account'),
      lots: [{ lotId: uuid5(idOf('gift'), idOf('their lot')), points: 200, expiresOn: '2026-12-31' }],
    },
  } as const;

  it('opens lots of its own that keep the day on which they expire, once', () => {
    given(enrolled).when(commands.ReceivePoints, { other: sender }).then(arrived);
    expect(pointsOfAccount(given(enrolled, arrived).state())).toEqual({ available: 200, pending: 0 });
    given(enrolled, arrived).when(commands.ReceivePoints, { other: sender }).then([]);
  });

  it('takes nothing that was not sent, or that went back', () => {
    const receive = (change: object) =>
      given(enrolled)
        .when(commands.ReceivePoints, {
          other: { ...sender, transfers: sender.transfers.map((one) => ({ ...one, ...change })) },
        })
        .refused('TRANSFER_RETURNED');
    receive({ returned: true });
    receive({ toAccountId: idOf('somebody else') });
    receive({ transferId: idOf('something else') });
    given(enrolled).when(commands.ReceivePoints, { other: null }).refused('TRANSFER_RETURNED');
  });

  it('is refused when the membership rests or is over, or holds too many lots', () => {
    for (const over of [suspended, closed])
      given(enrolled, over).when(commands.ReceivePoints, { other: sender }).refused('ILLEGAL_STATE');
    const lots = Array.from({ length: limits.account.liveLots }, (_, i) =>
      accrued(`line ${i}`, { points: 1 }),
    );
    given(enrolled, ...lots)
      .when(commands.ReceivePoints, { other: sender })
      .refused('LIMIT_EXCEEDED');
  });
});

describe('AdjustPoints of a transfer', () => {
  const back = {
    name: 'AdjustPoints',
    data: { transferId: idOf('present'), reason: 'nobody took them' },
  } as const;
  const byProcess = { actor: { kind: 'process', id: 'PointsTransfer' } } as const;
  const sent = [enrolled, accrued('a', { points: 500 }), transferredOut('present', 200, 'a')];

  it('gives the same lots their points again, once', () => {
    given(...sent)
      .when(back, { ...byProcess, other })
      .then({
        type: 'PointsAdjusted',
        data: { ...returned('present', 200).data, reason: 'nobody took them' },
      } as never);
    const after = given(...sent, returned('present', 200));
    expect(after.state().lots).toMatchObject([{ left: 500 }]);
    after.when(back, { ...byProcess, other }).then([]);
  });

  it('changes nothing when the other account took them, or there is no such transfer', () => {
    given(...sent)
      .when(back, { ...byProcess, other: { ...other, received: [idOf('present')] } })
      .then([]);
    given(enrolled)
      .when(back, { ...byProcess, other: null })
      .then([]);
  });
});
