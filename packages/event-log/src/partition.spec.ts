import { describe, expect, it } from 'vitest';
import { murmur2, partitionOf } from './partition.ts';

describe('murmur2', () => {
  it.each([
    // The vectors of Kafka's own test of its partitioner (signed there).
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('hashes %s as Kafka does', (key, hash) => {
    expect(murmur2(key)).toBe(hash >>> 0);
  });
  it('hashes keys of any length, by their UTF-8', () => {
    const long = '键'.repeat(500);
    expect(murmur2(long)).toBe(murmur2(Buffer.from(long).toString()));
    expect(murmur2('')).toBe(275646681);
  });
});

describe('partitionOf', () => {
  it('takes the non-negative hash modulo P', () => {
    expect(partitionOf('21', 16)).toBe((-973932308 & 0x7fffffff) % 16);
  });
  it('spreads keys over all partitions', () => {
    const used = new Set(Array.from({ length: 500 }, (_, i) => partitionOf(`customer-${i}`, 16)));
    expect(used.size).toBe(16);
  });
});
