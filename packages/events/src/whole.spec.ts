import { describe, expect, it } from 'vitest';
import { isTenureError } from '@tenure/core';
import { avroType } from './avro.ts';
import { shapeOf, type AvroJson, type RecordShape } from './shape.ts';
import { wholenessOf } from './whole.ts';

const schema: AvroJson = {
  type: 'record',
  name: 'T',
  fields: [
    { name: 'ids', type: { type: 'array', items: 'string' } },
    { name: 'n', type: 'long' },
  ],
};
const walk = wholenessOf(shapeOf(schema, new Map()) as RecordShape);

const isWhole = (...bytes: readonly number[]): boolean => {
  try {
    walk(Uint8Array.from(bytes), 0, bytes.length);
    return true;
  } catch (error) {
    if (isTenureError(error, 'UNDECODABLE')) return false;
    throw error;
  }
};

describe('walking Avro bytes', () => {
  it('passes what avsc writes', () => {
    const bytes = avroType(schema).toBuffer({ ids: ['a', '李'], n: -(2 ** 52) });
    expect(isWhole(...bytes)).toBe(true);
  });

  it('passes blocks with their size before them, as other writers make them', () => {
    expect(isWhole(0x01, 0x04, 0x02, 0x61, 0x00, 0x02)).toBe(true); // count −1, size 2, "a", end, 1
  });

  it('refuses a count that five bytes claim', () => {
    expect(isWhole(0xfe, 0xff, 0xff, 0xff, 0x0f)).toBe(false); // 2^31 − 1 strings
  });

  it('refuses a length beyond the bytes, also a negative one', () => {
    expect(isWhole(0x02, 0x7e, 0x61, 0x00, 0x02)).toBe(false);
    expect(isWhole(0x02, 0x01, 0x61, 0x00, 0x02)).toBe(false);
  });

  it('refuses numbers that JavaScript would round, and numbers without end', () => {
    const max = [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]; // 2^63 − 1
    expect(isWhole(0x00, ...max)).toBe(false);
    expect(isWhole(0x00, ...Array.from({ length: 11 }, () => 0xff), 0x00)).toBe(false);
  });

  it('refuses bytes that are left over', () => {
    expect(isWhole(0x00, 0x02)).toBe(true);
    expect(isWhole(0x00, 0x02, 0x00)).toBe(false);
  });
});
