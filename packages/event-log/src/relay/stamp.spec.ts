import { describe, expect, it } from 'vitest';
import { partitionOf } from '../partition.ts';
import { stamping } from './stamp.ts';

const EMPTY = { seq: 0, position: 0 };
const event = (position: number, key: string) => ({
  position,
  stream: 's-1',
  revision: 0,
  key,
  body: new Uint8Array(1),
});
const [a = '', b = ''] = [0, 1].map((partition) =>
  Array.from({ length: 99 }, (_, i) => `k${i}`).find((key) => partitionOf(key, 2) === partition),
);

describe('stamping', () => {
  it('numbers each lane from its end, without holes', () => {
    const stamp = stamping([{ seq: 4, position: 10 }, EMPTY], false);
    const first = stamp([event(11, a), event(12, b), event(14, a)]);
    expect(first.get(0)?.map(({ seq }) => seq)).toEqual([5, 6]);
    expect(first.get(1)?.map(({ seq }) => seq)).toEqual([1]);
    expect(stamp([event(15, b)]).get(1)?.[0]?.seq).toBe(2);
  });
  it('gives no seq to what a lane already has', () => {
    const stamp = stamping([{ seq: 4, position: 10 }, EMPTY], false);
    const stamped = stamp([event(8, a), event(9, b), event(10, a)]);
    expect([...stamped.keys()]).toEqual([1]);
  });
  it('copies to every lane that does not have it when it broadcasts', () => {
    const stamp = stamping([{ seq: 4, position: 10 }, EMPTY], true);
    const stamped = stamp([event(9, a), event(11, b)]);
    expect(stamped.get(0)?.map(({ seq, position }) => [seq, position])).toEqual([[5, 11]]);
    expect(stamped.get(1)?.map(({ seq, position }) => [seq, position])).toEqual([
      [1, 9],
      [2, 11],
    ]);
  });
});
