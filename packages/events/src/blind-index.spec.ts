import { createHmac, createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { blindIndex, searchHash } from './blind-index.ts';

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
