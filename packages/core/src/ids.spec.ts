import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DNS_NAMESPACE,
  isUuid,
  tenureNamespace,
  URL_NAMESPACE,
  uuid5,
  uuid7,
  uuidFromBytes,
  uuidToBytes,
} from './ids.ts';

const ids = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => uuidFromBytes(bytes));

describe('uuid5', () => {
  it.each([
    [DNS_NAMESPACE, 'www.example.com', '2ed6657d-e927-568b-95e1-2665a8aea6a2'],
    [DNS_NAMESPACE, 'python.org', '886313e1-3b8a-5372-9b90-0c9aee199e5d'],
    [URL_NAMESPACE, 'tenure:walk', '6e5bb38a-8de3-5688-b629-4fa13d846ff8'],
    [URL_NAMESPACE, 'tenure:policy', 'fe40db47-5f77-5b73-8a47-b4e82803c12c'],
  ])('of %s and %s is %s', (namespace, name, id) => {
    expect(uuid5(namespace, name)).toBe(id);
  });

  it('keeps parts apart: moving text from one part to the next gives another id', () => {
    expect(uuid5(URL_NAMESPACE, 'ab', 'c')).not.toBe(uuid5(URL_NAMESPACE, 'a', 'bc'));
    expect(uuid5(URL_NAMESPACE, 'ab', '')).not.toBe(uuid5(URL_NAMESPACE, 'ab'));
    expect(uuid5(URL_NAMESPACE, '客户', '1')).toBe(uuid5(URL_NAMESPACE, '客户', '1'));
  });

  it('has version 5 and the variant of RFC 9562', () => {
    fc.assert(
      fc.property(ids, fc.string(), (namespace, name) => {
        expect(uuid5(namespace, name)).toMatch(/^.{14}5.{4}[89ab]/);
        expect(isUuid(uuid5(namespace, name))).toBe(true);
      }),
    );
  });

  it('names the name spaces of Tenure', () => {
    expect(tenureNamespace('policy')).toBe('fe40db47-5f77-5b73-8a47-b4e82803c12c');
  });
});

describe('uuid7', () => {
  it('is the vector of RFC 9562', () => {
    const random = Buffer.from('0cc318c4dc0c0c07398f', 'hex');
    expect(uuid7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  it('sorts by time as text', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 46), fc.nat(2 ** 46), (a, b) => {
        fc.pre(a < b);
        expect(uuid7(a, Buffer.alloc(10, 0xff)) < uuid7(b, Buffer.alloc(10))).toBe(true);
      }),
    );
  });
});

describe('a UUID', () => {
  it('is the same as bytes and as text, also inside a longer buffer', () => {
    fc.assert(
      fc.property(ids, fc.nat(20), (id, offset) => {
        expect(uuidFromBytes(uuidToBytes(id))).toBe(id);
        expect(uuidFromBytes(Buffer.concat([Buffer.alloc(offset), uuidToBytes(id)]), offset)).toBe(id);
      }),
    );
  });

  it.each(['', '6E5BB38A-8DE3-5688-B629-4FA13D846FF8', '6e5bb38a8de35688b6294fa13d846ff8', 'x', ' '])(
    'is not %j',
    (text) => {
      expect(isUuid(text)).toBe(false);
    },
  );
});
