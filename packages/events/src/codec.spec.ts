import { createSecretKey, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTenureError, type TenureError } from '@tenure/core';
import type { DataKey } from '@tenure/keys';
import { restampBody } from './body.ts';
import { createCodec } from './codec.ts';
import type { EventToEncode, StoredBody } from './codec-types.ts';
import { sampleEvent } from './fuzz.ts';
import { createPlans } from './plans.ts';
import { createRegistry } from './registry.ts';
import { seeded } from './sample.ts';
import { REDACTED } from './sealed.ts';

const CUSTOMER = '6e5bb38a-8de3-5688-b629-4fa13d846ff8';
const ID = '0f0e0d0c-0b0a-5908-8706-050403020100';
const key: DataKey = { kid: 'k1', key: createSecretKey(randomBytes(32)) };
const registry = createRegistry();
const codec = createCodec({ registry });

const event = (type: string, source: string, data: object): EventToEncode => ({
  id: ID,
  type,
  source,
  occurredAt: Date.UTC(1997, 0, 1),
  recordedAt: Date.UTC(2026, 0, 5),
  meta: { commandId: 'c1', correlationId: 'r1', actor: { kind: 'user', id: 'u1' } },
  customerId: CUSTOMER,
  data,
});
const money = (minor: number) => ({ minor, currency: 'USD' });
const line = {
  lineId: ID,
  productId: ID,
  attributes: { cds: '2' },
  qty: 1,
  unitPrice: money(2933),
  discount: money(0),
  tax: money(0),
  total: money(2933),
};
const placed = event('OrderPlaced', 'order', {
  orderId: ID,
  channel: 'WEB_SHOP',
  lines: [line],
  total: money(2933),
});
const registered = event('CustomerRegistered', 'customer', {
  kind: 'PERSON',
  displayName: 'Li Wei',
  source: 'IMPORT',
  locale: 'en-US',
  timeZone: 'UTC',
  homeCurrency: 'USD',
});
const withdrawn = (reason?: string | null) =>
  event('ConsentWithdrawn', 'customer', { purpose: 'news', channel: 'EMAIL', reason });

const stored = (body: Uint8Array): StoredBody => ({
  position: 9,
  stream: `order-${ID}`,
  revision: 3,
  key: CUSTOMER,
  body,
});
const decode = (body: Uint8Array, source = 'order') => codec.decode(source, stored(body));
const through = (given: EventToEncode) => decode(codec.encode(given, key), given.source);

const errorOf = (act: () => unknown): TenureError => {
  try {
    act();
  } catch (error) {
    if (isTenureError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};
const codeOf = (act: () => unknown): string => errorOf(act).code;

/** What a reader should see of the data: personal values are references. */
const asRead = (given: EventToEncode, personal: readonly string[]): object => ({
  ...given.data,
  ...Object.fromEntries(personal.map((name) => [name, { $sealed: given.id, field: name }])),
});

/** Left-out optional fields of nested records come back as null. */
const withoutNulls = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, inner: unknown) => (inner === null ? undefined : inner));

describe('encoding and decoding', () => {
  it('gives back envelope and data', () => {
    expect(through(placed)).toEqual({
      id: ID,
      type: 'OrderPlaced',
      stream: `order-${ID}`,
      revision: 3,
      source: 'order',
      position: 9,
      key: CUSTOMER,
      occurredAt: Date.UTC(1997, 0, 1),
      recordedAt: Date.UTC(2026, 0, 5),
      schemaId: registry.events.get('OrderPlaced')!.schemaId,
      meta: { commandId: 'c1', correlationId: 'r1', actor: { kind: 'user', id: 'u1' } },
      data: {
        orderId: ID,
        opportunityId: null,
        quoteId: null,
        channel: 'WEB_SHOP',
        externalRef: null,
        lines: [{ ...line, category: null }],
        total: money(2933),
        promisedOn: null,
      },
      sealed: null,
    });
  });

  it('holds for every event and any values its schema allows', () => {
    const plans = [...createPlans(registry).byType.values()];
    expect(plans.length).toBeGreaterThan(40);
    fc.assert(
      fc.property(fc.integer(), fc.constantFrom(...plans), (seed, plan) => {
        const given = sampleEvent(plan, seeded(seed));
        const decoded = through(given);
        expect(decoded.meta).toEqual(given.meta);
        expect(decoded).toMatchObject({
          id: given.id,
          type: plan.type,
          occurredAt: given.occurredAt,
          recordedAt: given.recordedAt,
        });
        const values = given.data as Readonly<Record<string, unknown>>;
        const personal = plan.personal.filter((name) => (values[name] ?? null) !== null);
        expect(Object.keys(decoded.data as object)).toEqual(plan.fields.map(({ name }) => name));
        expect(withoutNulls(decoded.data)).toEqual(withoutNulls(asRead(given, personal)));
        const opened = decoded.sealed === null ? new Map() : codec.openFields(decoded.sealed, key);
        // An optional field of a personal record that was left out is read back as null.
        const plain = (entries: unknown): unknown =>
          withoutNulls(Object.fromEntries(entries as Map<string, unknown>));
        expect(plain(opened)).toEqual(plain(personal.map((name) => [name, values[name]])));
      }),
      { numRuns: 500 },
    );
  });

  it('gives plain objects at every depth', () => {
    const visit = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      expect([Object.prototype, Array.prototype]).toContain(Object.getPrototypeOf(value));
      Object.values(value).forEach(visit);
    };
    visit(through(placed).data);
    visit(through(registered).data);
    expect(structuredClone(through(placed).data)).toStrictEqual(through(placed).data);
  });

  it('keeps every part of the meta', () => {
    const meta = {
      ...placed.meta,
      causationId: 'e0',
      traceparent: '00-1-2-01',
      backfill: true,
      bodyHash: 'abc',
    };
    expect(through({ ...placed, meta }).meta).toEqual(meta);
  });

  it('does not disturb what was encoded before', () => {
    const first = codec.encode(placed, key);
    const copy = Buffer.from(first);
    codec.encode(registered, key);
    expect(copy.equals(first)).toBe(true);
  });
});

describe('what a body says without being decoded', () => {
  it('has its head and a Confluent-framed payload', () => {
    const body = codec.encode({ ...placed, meta: { ...placed.meta, backfill: true } }, undefined);
    const { schemaId } = registry.events.get('OrderPlaced')!;
    expect(codec.peek(body)).toEqual({
      id: ID,
      type: 'OrderPlaced',
      schemaId,
      occurredAt: placed.occurredAt,
      recordedAt: placed.recordedAt,
      backfill: true,
    });
    const payload = Buffer.from(codec.payload(body));
    expect([payload[0], payload.readUInt32BE(1)]).toEqual([0, schemaId]);
  });

  it('gives a payload that is read alone: framed, or with the schema id beside it', () => {
    const framed = codec.payload(codec.encode(placed, undefined));
    const { schemaId } = registry.events.get('OrderPlaced')!;
    const whole = {
      type: 'OrderPlaced',
      schemaId,
      data: decode(codec.encode(placed, undefined)).data,
      sealed: null,
    };
    expect(codec.readPayload('order', { id: ID, key: CUSTOMER, bytes: framed })).toEqual(whole);
    const bare = { id: ID, key: CUSTOMER, bytes: framed.subarray(5) };
    expect(codec.readPayload('order', { ...bare, schemaId })).toEqual(whole);
    expect(codeOf(() => codec.readPayload('order', bare))).toBe('UNDECODABLE');
  });

  it('says whose events they are', () => {
    expect(codec.aboutCustomer('OrderPlaced')).toBe(true);
    expect(codec.aboutCustomer('BusinessDayClosed')).toBe(false);
    expect(codec.hasPersonalFields('CustomerRegistered')).toBe(true);
    expect(codec.hasPersonalFields('OrderPlaced')).toBe(false);
  });
});

describe('what is refused before it is written', () => {
  const data = placed.data as Readonly<Record<string, unknown>>;
  const { channel: _, ...withoutChannel } = data;
  it.each([
    ['a missing field', withoutChannel, 'channel'],
    ['an unknown field', { ...data, colour: 'red' }, 'colour'],
    ['an unknown field of a record', { ...data, total: { ...money(1), scale: 2 } }, 'total.scale'],
    ['a field of the wrong type', { ...data, lines: [{ ...line, qty: '1' }] }, 'lines.0.qty'],
    ['a symbol that does not exist', { ...data, channel: 'FAX' }, 'channel'],
    ['the symbol UNKNOWN', { ...data, channel: 'UNKNOWN' }, 'channel'],
    ['a number that is not whole', { ...data, total: money(0.5) }, 'total.minor'],
    ['a number beyond 2^53', { ...data, total: money(2 ** 53) }, 'total.minor'],
    ['an int beyond 32 bits', { ...data, lines: [{ ...line, qty: 2 ** 31 }] }, 'lines.0.qty'],
    ['a lone surrogate', { ...data, externalRef: 'a\ud800' }, 'externalRef'],
    [
      'a name that plain objects lose',
      { ...data, lines: [{ ...line, attributes: JSON.parse('{"__proto__":"x"}') as object }] },
      'lines.0.attributes',
    ],
  ])('%s', (_name, wrong, path) => {
    const error = errorOf(() => codec.encode({ ...placed, data: wrong }, undefined));
    expect(error.code).toBe('EVENT_INVALID');
    expect(error.data['path']).toBe(path);
  });

  it('never shows the value it refuses', () => {
    const error = errorOf(() =>
      codec.encode({ ...registered, data: { ...registered.data, displayName: ['Li Wei'] } }, key),
    );
    expect(error.message).toContain('displayName');
    expect(`${error.message}${JSON.stringify(error.data)}`).not.toContain('Li Wei');
  });

  it('an event without a schema, of another source, or too large', () => {
    expect(codeOf(() => codec.encode({ ...placed, type: 'OrderBurnt' }, key))).toBe('SCHEMA_UNKNOWN');
    expect(codeOf(() => codec.encode({ ...placed, source: 'lead' }, key))).toBe('SCHEMA_UNKNOWN');
    const huge = { ...placed.data, externalRef: 'x'.repeat(257 * 1024) };
    expect(codeOf(() => codec.encode({ ...placed, data: huge }, key))).toBe('EVENT_TOO_LARGE');
    const long = { ...registered.data, displayName: 'x'.repeat(257 * 1024) };
    expect(codeOf(() => codec.encode({ ...registered, data: long }, key))).toBe('EVENT_TOO_LARGE');
    const meta = { ...placed.meta, correlationId: 'x'.repeat(70_000) };
    expect(codeOf(() => codec.encode({ ...placed, meta }, key))).toBe('EVENT_TOO_LARGE');
    expect(through(placed).type).toBe('OrderPlaced');
  });

  it('an id that is no UUID, an instant that is none, a meta without actor', () => {
    expect(codeOf(() => codec.encode({ ...placed, id: 'e1' }, key))).toBe('EVENT_INVALID');
    expect(codeOf(() => codec.encode({ ...placed, occurredAt: Number.NaN }, key))).toBe('EVENT_INVALID');
    const actor = { kind: 'robot', id: 'r' } as unknown as EventToEncode['meta']['actor'];
    expect(codeOf(() => codec.encode({ ...placed, meta: { ...placed.meta, actor } }, key))).toBe(
      'EVENT_INVALID',
    );
  });
});

describe('personal fields', () => {
  it('are nowhere in the bytes and open with the key alone', () => {
    const body = codec.encode(registered, key);
    expect(Buffer.from(body).includes('Li Wei')).toBe(false);
    const { data, sealed } = decode(body, 'customer');
    const ref = (data as { displayName: { $sealed: string; field: string } }).displayName;
    expect(ref).toEqual({ $sealed: ID, field: 'displayName' });
    expect(sealed).toMatchObject({ eventId: ID, customerId: CUSTOMER, kid: 'k1' });
    expect(codec.openFields(sealed!, key)).toEqual(new Map([['displayName', 'Li Wei']]));
    expect(codec.openFields(sealed!, undefined)).toBe(REDACTED);
  });

  it('do not open in the name of another customer', () => {
    const { sealed } = decode(codec.encode(registered, key), 'customer');
    expect(codeOf(() => codec.openFields({ ...sealed!, customerId: ID }, key))).toBe('UNDECODABLE');
  });

  it('show whether an optional one is set', () => {
    expect(through(withdrawn('too many')).data).toMatchObject({ reason: { $sealed: ID, field: 'reason' } });
    for (const absent of [undefined, null]) {
      const { data, sealed } = through(withdrawn(absent));
      expect(data).toMatchObject({ reason: null });
      expect(sealed).toBeNull();
    }
  });

  it('need a key only when there is one', () => {
    expect(codeOf(() => codec.encode(registered, undefined))).toBe('EVENT_INVALID');
    expect(codeOf(() => codec.encode({ ...registered, customerId: null }, key))).toBe('EVENT_INVALID');
    expect(decode(codec.encode(withdrawn(), undefined), 'customer').type).toBe('ConsentWithdrawn');
  });

  it('of a map are sealed as a whole, with their names beside them', () => {
    const changes = { displayName: 'Li Wei', company: 'Zoë AG' };
    const { data, sealed } = through(
      event('CustomerProfileChanged', 'customer', { fields: Object.keys(changes), changes, source: 'crm' }),
    );
    expect(data).toMatchObject({
      fields: ['displayName', 'company'],
      changes: { $sealed: ID, field: 'changes' },
    });
    expect(codec.openFields(sealed!, key)).toEqual(new Map([['changes', changes]]));
  });
});

describe('bytes that are no whole event', () => {
  const body = codec.encode(registered, key);

  it('cut off anywhere', () => {
    for (let end = 0; end < body.length; end++)
      expect(codeOf(() => decode(body.subarray(0, end), 'customer'))).toBe('UNDECODABLE');
  });

  it('with any bit turned', () => {
    for (let bit = 0; bit < body.length * 8; bit++) {
      const damaged = Buffer.from(body);
      damaged[bit >> 3]! ^= 1 << (bit & 7);
      expect(codeOf(() => decode(damaged, 'customer'))).toBe('UNDECODABLE');
    }
  });

  it('of another source', () => {
    expect(codeOf(() => decode(body, 'order'))).toBe('UNDECODABLE');
  });

  it('with a schema that is not known here, also when peeked', () => {
    const newer = Buffer.from(body);
    newer.writeUInt32BE(999_999, 22);
    restampBody(newer);
    expect(codeOf(() => codec.peek(newer))).toBe('UNDECODABLE');
    expect(errorOf(() => decode(newer, 'customer')).code).toBe('UNDECODABLE');
  });

  it('whose head and payload name different schemas', () => {
    const mixed = Buffer.from(body);
    mixed.writeUInt32BE(registry.events.get('CustomerErased')!.schemaId, 22);
    restampBody(mixed);
    expect(codeOf(() => decode(mixed, 'customer'))).toBe('UNDECODABLE');
  });

  it('with the schema of a sealed block', () => {
    const bytes = Buffer.from([0, 0, 0, 0, 0, 2, 0x61]);
    bytes.writeUInt32BE(registry.events.get('CustomerRegistered')!.blockId!, 1);
    expect(codeOf(() => codec.readPayload('customer', { id: ID, key: CUSTOMER, bytes }))).toBe('UNDECODABLE');
  });
});
