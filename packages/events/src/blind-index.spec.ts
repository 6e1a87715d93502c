import { createHmac, createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { blindIndex, searchHash, searchHashes } from './blind-index.ts';
import { externalIdValue } from './match-keys.ts';
import { diceSimilarity } from './similarity.ts';

const pepper = createSecretKey(Buffer.alloc(32, 7));

describe('blindIndex', () => {
  it('is the HMAC-SHA-256 of kind and value, cut to 16 bytes', () => {
    const expected = createHmac('sha256', Buffer.alloc(32, 7))
      .update('EMAIL\u001fli@example.com')
      .digest('hex');
    expect(blindIndex(pepper, 'EMAIL', 'li@example.com')).toBe(expected.slice(0, 32));
  });

  it('differs by value, by kind and by pepper', () => {
    const hashes = [
      blindIndex(pepper, 'NAME', 'li'),
      blindIndex(pepper, 'NAME', 'wei'),
      blindIndex(pepper, 'COMPANY', 'li'),
      blindIndex(createSecretKey(Buffer.alloc(32, 8)), 'NAME', 'li'),
    ];
    expect(new Set(hashes).size).toBe(4);
  });
});

describe('searchHash', () => {
  it('is the same for all ways to write a value', () => {
    const hash = searchHash(pepper, 'CN', 'PHONE', '+86 138-0013-8000');
    expect(hash).toBe(searchHash(pepper, 'CN', 'PHONE', '13800138000'));
    expect(hash).toMatch(/^[0-9a-f]{32}$/);
  });

  it('is null for a value without a key and for a kind that is not searched', () => {
    expect(searchHash(pepper, 'CN', 'EMAIL', 'info@example.com')).toBeNull();
    expect(searchHash(pepper, 'CN', 'SHOE_SIZE', '42')).toBeNull();
  });
});

describe('searchHashes', () => {
  const of = (kind: string, value: string) => searchHashes(pepper, 'CN', kind, value);

  it.each([
    ['EMAIL', 'Li@Example.com'],
    ['NAME', 'Li Wei'],
    ['COMPANY', 'Acme Inc.'],
    ['EXTERNAL_ID', externalIdValue('ERP', ' 4711 ')],
  ])('of a %s is its one hash', (kind, value) => {
    expect(of(kind, value)).toEqual([searchHash(pepper, 'CN', kind, value)]);
  });

  it('of a name by its bigrams are 32-bit hashes, one for each', () => {
    const hashes = of('NAME_BIGRAM', 'Li, Wei');
    expect(hashes).toHaveLength(6);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{8}$/);
    expect(of('NAME_BIGRAM', 'WEI  li')).toEqual(hashes);
    expect(hashes[0]).toBe(blindIndex(pepper, 'NAME_BIGRAM', ' l').slice(0, 8));
  });

  it('let names be compared without knowing them', () => {
    const similarity = diceSimilarity(of('NAME_BIGRAM', 'Anna Schmidt'), of('NAME_BIGRAM', 'Schmitt, Anna'));
    expect(similarity).toBeCloseTo(22 / 26, 12);
  });

  it('are none for what gives no key', () => {
    expect(of('NAME_BIGRAM', ' — ')).toEqual([]);
    expect(of('EMAIL', 'info@example.com')).toEqual([]);
    expect(of('SHOE_SIZE', '42')).toEqual([]);
  });
});
