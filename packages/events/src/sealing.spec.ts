import { createSecretKey, randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTenureError, type TenureError } from '@tenure/core';
import type { DataKey } from '@tenure/keys';
import { REDACTED, type SealedBlock } from './sealed.ts';
import { isRedacted, openBlock, sealBlock } from './sealing.ts';

const dataKey = (kid: string): DataKey => ({ kid, key: createSecretKey(randomBytes(32)) });
const about = {
  eventId: '0f0e0d0c-0b0a-5908-8706-050403020100',
  customerId: '6e5bb38a-8de3-5688-b629-4fa13d846ff8',
  schemaId: 7,
};
const key = dataKey('k1');
const plaintext = Buffer.from('Li Wei, +86 138 0013 8000', 'utf8');
const sealed = (): SealedBlock => sealBlock(about, plaintext, key, randomBytes);

const zeros = (size: number): Uint8Array => new Uint8Array(size);

const flip = (bytes: Uint8Array, at: number, bit: number): Uint8Array => {
  const copy = Uint8Array.from(bytes);
  copy[at % copy.length]! ^= 1 << bit;
  return copy;
};

const errorOf = (open: () => unknown): TenureError | undefined => {
  try {
    open();
  } catch (error) {
    if (isTenureError(error)) return error;
    throw error;
  }
  return undefined;
};
const codeOf = (open: () => unknown): string | undefined => errorOf(open)?.code;

describe('sealing a block', () => {
  it('opens to the same bytes with the same key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), (bytes) => {
        const block = sealBlock(about, bytes, key, randomBytes);
        expect(block).toMatchObject({ ...about, kid: 'k1' });
        expect(Buffer.from(openBlock(block, key) as Uint8Array).equals(bytes)).toBe(true);
      }),
    );
  });

  it('holds nothing of the plaintext and never seals twice alike', () => {
    const [first, second] = [sealed(), sealed()];
    expect(Buffer.from(first.ct).includes('Li Wei')).toBe(false);
    expect(Buffer.from(first.iv).equals(second.iv)).toBe(false);
    expect(Buffer.from(first.ct).equals(second.ct)).toBe(false);
  });

  it('takes its randomness from the caller, so a simulation can repeat it', () => {
    expect(sealBlock(about, plaintext, key, zeros)).toEqual(sealBlock(about, plaintext, key, zeros));
  });
});

describe('opening a block', () => {
  it('answers Redacted without a key and with a key that did not seal it', () => {
    expect(openBlock(sealed(), undefined)).toBe(REDACTED);
    expect(openBlock(sealed(), dataKey('k2'))).toBe(REDACTED);
    expect(isRedacted(openBlock(sealed(), undefined))).toBe(true);
    expect(isRedacted(openBlock(sealed(), key))).toBe(false);
  });

  it('refuses a block that was moved to another event or customer', () => {
    const eventId = '11111111-1111-5111-8111-111111111111';
    expect(codeOf(() => openBlock({ ...sealed(), eventId }, key))).toBe('UNDECODABLE');
    expect(codeOf(() => openBlock({ ...sealed(), customerId: eventId }, key))).toBe('UNDECODABLE');
  });

  it('opens under another schema id: upcasting does not break decryption', () => {
    expect(openBlock({ ...sealed(), schemaId: 8 }, key)).toEqual(plaintext);
  });

  it('refuses a key of the same name with other bytes', () => {
    expect(codeOf(() => openBlock(sealed(), dataKey('k1')))).toBe('UNDECODABLE');
  });

  it('refuses any flipped bit and any other length of iv or ciphertext', () => {
    const block = sealed();
    fc.assert(
      fc.property(fc.nat(200), fc.nat(7), fc.constantFrom('iv', 'ct'), (at, bit, part) => {
        expect(codeOf(() => openBlock({ ...block, [part]: flip(block[part], at, bit) }, key))).toBe(
          'UNDECODABLE',
        );
      }),
    );
    for (let size = 0; size < block.ct.length; size++)
      expect(codeOf(() => openBlock({ ...block, ct: block.ct.subarray(0, size) }, key))).toBe('UNDECODABLE');
    expect(codeOf(() => openBlock({ ...block, iv: block.iv.subarray(1) }, key))).toBe('UNDECODABLE');
  });

  it('says nothing personal when it fails', () => {
    const error = errorOf(() => openBlock({ ...sealed(), ct: randomBytes(60) }, key));
    expect(error?.code).toBe('UNDECODABLE');
    expect(JSON.stringify([error?.message, error?.data])).not.toContain('Li Wei');
  });
});
