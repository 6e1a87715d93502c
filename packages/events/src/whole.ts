// Walks Avro bytes without building anything: lengths, counts and numbers must stay within the bytes and their types.
// avsc checks none of them and would loop or allocate for as long as a forged count says.
import { TenureError } from '@tenure/core';
import type { RecordShape, Shape } from './shape.ts';

/** @throws UNDECODABLE unless the bytes from `at` to `end` are exactly one value. */
export type Walk = (bytes: Uint8Array, at: number, end: number) => void;

type Cursor = { readonly bytes: Uint8Array; at: number; readonly end: number };
type Step = (cursor: Cursor) => void;

/** avsc refuses longs from 2^53 − 1 on: its own arithmetic rounds there. */
export const MAX_LONG = Number.MAX_SAFE_INTEGER - 1;
const MAX_INT = 2 ** 31;
/** Ten groups of seven bits hold any 64-bit number. */
const MAX_VARINT_BYTES = 10;

export const wholenessOf = (shape: RecordShape): Walk => {
  const step = stepOf(shape);
  return (bytes, at, end) => {
    const cursor = { bytes, at, end };
    step(cursor);
    if (cursor.at !== end) throw notWhole('bytes are left over');
  };
};

const stepOf = (shape: Shape): Step => {
  switch (shape.kind) {
    case 'boolean':
      return (cursor) => {
        if (cursor.at >= cursor.end || (cursor.bytes[cursor.at] ?? 2) > 1)
          throw notWhole('a boolean is neither 0 nor 1');
        cursor.at++;
      };
    case 'int':
      return (cursor) => {
        const value = long(cursor);
        if (value < -MAX_INT || value >= MAX_INT) throw notWhole('an int has more than 32 bits');
      };
    case 'long':
      return long;
    case 'string':
    case 'bytes':
      return skipSized;
    case 'optional':
      return optional(stepOf(shape.of));
    case 'array':
      return blocks(stepOf(shape.items));
    case 'map':
      return blocks(entry(stepOf(shape.values)));
    case 'enum':
      return index(shape.symbols.length, 'an enum has no such symbol');
    case 'record':
      return all(shape.fields.map((field) => stepOf(field.shape)));
    default:
      return shape satisfies never;
  }
};

const all =
  (steps: readonly Step[]): Step =>
  (cursor) => {
    for (const step of steps) step(cursor);
  };

const optional =
  (some: Step): Step =>
  (cursor) => {
    const branch = long(cursor);
    if (branch === 1) some(cursor);
    else if (branch !== 0) throw notWhole('an optional value is neither there nor absent');
  };

const index =
  (size: number, problem: string): Step =>
  (cursor) => {
    const value = long(cursor);
    if (value < 0 || value >= size) throw notWhole(problem);
  };

const entry =
  (value: Step): Step =>
  (cursor) => {
    skipSized(cursor);
    value(cursor);
  };

/** Arrays and maps: blocks of items, each with its count before it; a negative count is followed by the block's size. */
const blocks =
  (item: Step): Step =>
  (cursor) => {
    for (let count = long(cursor); count !== 0; count = long(cursor)) {
      if (count < 0) long(cursor);
      // No item is smaller than a byte, so this bounds the loop by the bytes that are there.
      if (Math.abs(count) > cursor.end - cursor.at) throw notWhole('a count exceeds the bytes');
      for (let left = Math.abs(count); left > 0; left--) item(cursor);
    }
  };

const skipSized: Step = (cursor) => {
  const size = long(cursor);
  if (size < 0 || size > cursor.end - cursor.at) throw notWhole('a length exceeds the bytes');
  cursor.at += size;
};

/** A zigzag varint. */
const long = (cursor: Cursor): number => {
  const first = byteOf(cursor);
  if (first < 0x80) return (first >>> 1) ^ -(first & 1);
  let raw = first & 0x7f;
  let scale = 0x80;
  for (let read = 1; read < MAX_VARINT_BYTES; read++) {
    const byte = byteOf(cursor);
    raw += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      const value = raw % 2 === 1 ? -(raw + 1) / 2 : raw / 2;
      if (Math.abs(value) > MAX_LONG) throw notWhole('a number exceeds 2^53');
      return value;
    }
    scale *= 0x80;
  }
  throw notWhole('a number has no end');
};

const byteOf = (cursor: Cursor): number => {
  if (cursor.at >= cursor.end) throw notWhole('it ends too early');
  return cursor.bytes[cursor.at++] ?? 0;
};

const notWhole = (problem: string): TenureError =>
  new TenureError('UNDECODABLE', `The bytes are no whole value of their schema: ${problem}.`);
