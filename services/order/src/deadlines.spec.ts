import type { DecodedEvent } from '@tenure/events';
import { policyBook } from '@tenure/service-kit';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import { deadlines } from './deadlines.ts';

const id = idOf('order');
const stream = `order-${id}`;
const event = (type: string, occurredAt: string): DecodedEvent =>
  ({ type, stream, key: idOf('customer'), occurredAt: Date.parse(occurredAt), data: {} }) as DecodedEvent;

const policies = policyBook([
  { policy: 'order', version: 1, validFrom: '1970-01-01', returnDays: 30 },
  { policy: 'order', version: 2, validFrom: '2026-03-01', returnDays: 14 },
] as never);

const changes = (type: string, occurredAt: string, zone = 'UTC') =>
  deadlines.on[type]?.(event(type, occurredAt), { policies, zone });

const closes = (day: string) => [
  {
    set: `${stream}/close`,
    day,
    command: {
      aggregate: 'order',
      id,
      customerId: idOf('customer'),
      command: 'CloseOrder',
      body: {},
    },
  },
];

describe('the deadline of a fulfilled order', () => {
  it('closes it when its last return day has closed', () => {
    expect(changes('OrderFulfilled', '2026-01-15T10:00:00Z')).toEqual(closes('2026-02-14'));
  });

  it('counts from the business date of the fulfilment', () => {
    expect(changes('OrderFulfilled', '2026-01-15T16:00:00Z', 'Asia/Shanghai')).toEqual(closes('2026-02-15'));
  });

  it('is set by the policy in force at the fulfilment', () => {
    expect(changes('OrderFulfilled', '2026-02-28T23:59:59Z')).toEqual(closes('2026-03-30'));
    expect(changes('OrderFulfilled', '2026-03-01T00:00:00Z')).toEqual(closes('2026-03-15'));
  });

  it('is gone when the order is closed', () => {
    expect(changes('OrderClosed', '2026-02-15T00:00:00Z')).toEqual([{ clear: `${stream}/close` }]);
  });

  it('is set by nothing else', () => {
    expect(Object.keys(deadlines.on)).toEqual(['OrderFulfilled', 'OrderClosed']);
  });
});
