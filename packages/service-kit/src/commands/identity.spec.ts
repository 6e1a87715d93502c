import { createHmac, createSecretKey } from 'node:crypto';
import { canonicalJson, tenureNamespace, uuid5 } from '@tenure/core';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountSpec, id } from '../../test/toy.ts';
import {
  bodyHasher,
  commandIdOf,
  deadlineCommandId,
  eventIdOf,
  reactionCommandId,
  targetOfCreation,
} from './identity.ts';

describe('ids', () => {
  it('are what the interface says: these texts stand in every stored event', () => {
    const command = commandIdOf('shop', '/api/orders/1/confirm', 'k');
    expect(command).toBe(uuid5(tenureNamespace('command'), 'shop\u001f/api/orders/1/confirm\u001fk'));
    expect(eventIdOf(command, 2)).toBe(uuid5(command, '2'));
    expect(reactionCommandId(id('event'), 'order-1', 0)).toBe(uuid5(id('event'), 'order-1', '0'));
    expect(deadlineCommandId('order-1/close', '2026-11-20')).toBe(
      uuid5(tenureNamespace('deadline'), 'order-1/close', '2026-11-20'),
    );
  });

  it('of a creation come from the client, a fixed rule, the natural key, or the command, in this order', () => {
    const spec = { ...accountSpec, idOf: (body: object) => ('fixed' in body ? id('fixed') : null) };
    const body = { fixed: true, number: '7' };
    expect(targetOfCreation(spec, id('mine'), body)).toEqual({ origin: 'client', id: id('mine') });
    expect(targetOfCreation(spec, null, body)).toEqual({ origin: 'natural', id: id('fixed') });
    expect(targetOfCreation(spec, null, { number: '7' })).toEqual({
      origin: 'natural',
      id: uuid5(tenureNamespace('natural-key'), 'account', '7'),
    });
    expect(targetOfCreation(spec, null, {})).toEqual({ origin: 'command' });
  });
});

describe('the hash of a body', () => {
  it('is HMAC-SHA-256 of its canonical form, for keys of any length', () =>
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 100 }), fc.jsonValue(), (bytes, body) => {
        const key = createSecretKey(bytes);
        const expected = createHmac('sha256', key)
          .update(canonicalJson([['Open', body]]))
          .digest('base64url');
        expect(bodyHasher(key)([{ command: 'Open', body }])).toBe(expected.slice(0, 22));
      }),
    ));

  it('does not depend on the order of fields', () => {
    const hash = bodyHasher(createSecretKey(Buffer.alloc(32, 7)));
    expect(hash([{ command: 'Open', body: { a: 1, b: 2 } }])).toBe(
      hash([{ command: 'Open', body: { b: 2, a: 1 } }]),
    );
  });
});
