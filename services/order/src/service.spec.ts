import { policyBook, type AggregateSpec, type ContextSources } from '@tenure/service-kit';
import { idOf, SCENARIO_CONTEXT } from '@tenure/testing';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands as examples, eur, given, histories, line } from '../test/orders.ts';
import { commands } from './commands.ts';
import type { OrderContext } from './order-parts.ts';
import { OrderView } from './order-view.ts';
import { OrderPolicy } from './policy.ts';
import { orderService } from './service.ts';

const [aggregate] = orderService.aggregates as [AggregateSpec];
const shipped = (path: string): object =>
  JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as object;

describe('the natural key of an order', () => {
  it('is the channel with its reference, else the opportunity, else nothing', () => {
    const opportunityId = idOf('opportunity');
    const key = aggregate.naturalKey;
    expect(key?.({ channel: 'DIRECT', externalRef: 'a', opportunityId })).toEqual(['DIRECT', 'a']);
    expect(key?.({ channel: 'DIRECT', opportunityId })).toEqual([opportunityId]);
    expect(key?.({ channel: 'DIRECT', externalRef: null, opportunityId: null })).toBeNull();
  });
});

describe('what deciders of an order know', () => {
  it('is the policy of the day and a promise in business days', async () => {
    const policies = policyBook([
      OrderPolicy.parse(shipped('../policies/order.v1.json')),
      shipped('../../../policies/deployment.v1.json'),
      shipped('../../../policies/calendar.business.v1.json'),
    ] as never);
    const at = (today: string) =>
      aggregate.context?.({ policies } as ContextSources, {
        name: 'PlaceOrder',
        data: {},
        base: { ...SCENARIO_CONTEXT, today },
      }) as Promise<OrderContext>;
    const thursday = await at('2026-01-15');
    expect(thursday).toMatchObject({ defaultPromise: '2026-01-22', zone: 'UTC', policy: { returnDays: 30 } });
    expect(Object.keys(thursday.policy.reasons)).toEqual(
      'STOCK CREDIT FRAUD PRICE DUPLICATE CHANGED_MIND LATE'.split(' '),
    );
    // New Year's Eve: the holiday and the weekend do not count.
    expect((await at('2025-12-31')).defaultPromise).toBe('2026-01-08');
  });
});

describe('the bodies of the commands', () => {
  it('take what this specification sends', () => {
    for (const { name, data } of Object.values(examples))
      expect(commands[name]?.body.safeParse(data).error).toBeUndefined();
  });

  it('leave limits to the rules and shapes to the form', () => {
    const place = (one: object) =>
      commands['PlaceOrder']?.body.safeParse({ channel: 'DIRECT', lines: [one], total: eur(1) }).success;
    expect(place(line('a', 2_000_000, 1))).toBe(true);
    expect(place(line('a', 0, 1))).toBe(false);
    expect(place(line('a', 1.5, 1))).toBe(false);
    expect(place(line('a', 1, -1))).toBe(false);
    expect(place({ ...line('a', 1, 1), gift: true })).toBe(false);
  });

  it('keep the reservations of returns and the closing to processes', () => {
    expect(aggregate.internal).toEqual(['ReserveReturn', 'ReleaseReturn', 'CloseOrder']);
  });
});

describe('the view of an order', () => {
  it('fits its schema in every state', () => {
    const about = { id: '00000000-0000-4000-8000-00003fffffff', zone: 'UTC' };
    for (const history of Object.values(histories).slice(1)) {
      const view = aggregate.view.of(given(...history).state(), about);
      expect(OrderView.strict().safeParse(view).error).toBeUndefined();
      expect(view).toMatchObject({ number: 'SO-260115-ZZZZZZ', placedAt: '2026-01-15T10:00:00.000Z' });
    }
  });
});
