import { uuid5 } from '@tenure/core';
import { customerLookup } from './customer-lookup.ts';
import { idOf } from '@tenure/testing';
import type { DecodedEvent } from '@tenure/events';
import { describe, expect, it } from 'vitest';
import { commands as caseExamples } from '../test/desk.ts';
import { commands as accountExamples, shipped, template } from '../test/members.ts';
import { accountBodies } from './account-bodies.ts';
import { LimitsPolicy, ProgrammePolicy, RetentionPolicy } from './policy.ts';
import { programBodies } from './program-bodies.ts';
import { queueIdOf } from './queues.ts';
import { retentionBodies } from './retention-bodies.ts';
import { loyaltyService } from './service.ts';

const errorOf = (body: object | undefined, data: object): unknown =>
  (body as { safeParse(data: object): { readonly error?: unknown } } | undefined)?.safeParse(data).error;

describe('the bodies of the commands', () => {
  it('take what these specifications send', () => {
    for (const { name, data } of Object.values(accountExamples))
      expect([name, errorOf(accountBodies[name]?.body, data)]).toEqual([name, undefined]);
    for (const { name, data } of Object.values(caseExamples))
      expect([name, errorOf(retentionBodies[name]?.body, data)]).toEqual([name, undefined]);
    const { rules, lotPolicy } = template.earning;
    expect(errorOf(programBodies['PublishEarningRules']?.body, { rules, lotPolicy })).toBeUndefined();
  });

  it('read an instant with its offset', () => {
    const body = programBodies['PublishEarningRules']?.body;
    const parsed = (effectiveFrom: string) => body?.safeParse({ ...template.earning, effectiveFrom });
    expect(parsed('2026-01-05T08:00:00+08:00')?.data).toMatchObject({ effectiveFrom: Date.UTC(2026, 0, 5) });
    expect(parsed('2026-01-05')?.success).toBe(false);
  });

  it.each([
    [
      'points from an order that name no line',
      'AccruePoints',
      { sourceType: 'ORDER', sourceId: idOf('o'), points: 5 },
    ],
    ['points that are no number', 'AccruePoints', { sourceType: 'MANUAL', sourceId: idOf('o'), points: 0.5 }],
    ['an adjustment by nothing', 'AdjustPoints', { points: 0, reason: 'because' }],
    ['an adjustment without reason', 'AdjustPoints', { points: 5 }],
    ['an approval that somebody claims', 'AdjustPoints', { points: 5, reason: 'x', approvedBy: 'boss' }],
    ['a transfer of nothing', 'TransferPoints', { toAccountId: idOf('a'), points: 0 }],
  ])('refuse %s', (_, name, data) => {
    expect(errorOf(accountBodies[name]?.body, data)).toBeDefined();
  });
});

describe('what the service declares', () => {
  it('keeps the programme for supervisors, and timers for itself', () => {
    for (const { roles } of Object.values(programBodies)) expect(roles).toEqual(['supervisor', 'admin']);
    expect(loyaltyService.aggregates.map(({ model, internal }) => [model.name, internal])).toEqual([
      ['loyaltyprogram', undefined],
      ['loyaltyaccount', ['UnlockPoints', 'ExpirePoints', 'ReceivePoints', 'ChangeTier']],
      ['retentioncase', ['CloseRetentionSaved']],
    ]);
  });

  it('derives the id of an account from customer and programme', () => {
    const [, account] = loyaltyService.aggregates;
    const [customerId, programId] = [idOf('customer'), idOf('club')];
    expect(account?.idOf?.({ customerId, programId })).toBe(uuid5(customerId, programId));
  });

  it('ships policies that are what they should be', () => {
    expect(
      ProgrammePolicy.parse(shipped('programme')).rewards.map(({ rewardId, code }) => [rewardId, code]),
    ).toEqual(['SHIPPING', 'CASHBACK', 'GIFT'].map((code) => [queueIdOf(code), code]));
    expect(LimitsPolicy.parse(shipped('limits')).account).toMatchObject({
      liveLots: 5_000,
      pointsPerAccrual: 1_000_000,
    });
    const { offers, lostReasons } = RetentionPolicy.parse(shipped('retention'));
    for (const { en, zh } of [...Object.values(offers), ...Object.values(lostReasons)]) {
      expect(en).toMatch(/^[A-Z]/);
      expect(zh).toMatch(/\p{Script=Han}/u);
    }
    expect(LimitsPolicy.safeParse({ ...(shipped('limits') as object), colour: 'blue' }).success).toBe(false);
  });
});

describe('what loyalty knows of customers', () => {
  const fold = (
    source: string,
    ...events: readonly (readonly [string, object, Partial<DecodedEvent>?])[]
  ) => {
    const slice = customerLookup.slices[source];
    return events.reduce<unknown>((state, [type, data, more]) => {
      const event = { id: type, type, data, occurredAt: 1, meta: {}, ...more } as DecodedEvent;
      return slice?.on[type]?.(state, event, 'customer');
    }, slice?.init());
  };

  it('is who he is, while he is there', () => {
    const registered = ['CustomerRegistered', { kind: 'ORGANISATION' }] as const;
    expect(fold('customer')).toEqual({ kind: null, registered: false });
    expect(fold('customer', registered)).toEqual({ kind: 'ORGANISATION', registered: true });
    expect(fold('customer', registered, ['ErasureRequested', {}])).toMatchObject({ registered: false });
    expect(fold('customer', registered, ['ErasureRequested', {}], ['ErasureCancelled', {}])).toMatchObject({
      registered: true,
    });
    expect(fold('customer', registered, ['CustomerErased', {}])).toEqual({ kind: null, registered: false });
  });

  it('is whether he is lost, until he comes back', () => {
    expect(fold('churn', ['CustomerChurned', {}])).toEqual({ lost: true });
    expect(fold('churn', ['CustomerChurned', {}], ['CustomerReactivated', {}])).toEqual({ lost: false });
  });

  it('is his newest order, whenever it was heard of, and no imported one', () => {
    const placed = (id: string, at: number, backfill = false) =>
      ['OrderPlaced', {}, { id, occurredAt: at, meta: { backfill } as DecodedEvent['meta'] }] as const;
    expect(fold('order', placed('b', 2), placed('a', 1), placed('c', 3, true))).toEqual({
      newest: { eventId: 'b', at: 2 },
    });
  });
});
