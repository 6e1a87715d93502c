// Which lane a key lives in: the hash Kafka clients use by default, so producers in any language agree.

/** Murmur2 of the UTF-8 key, as Kafka's DefaultPartitioner computes it; unsigned 32 bit. */
export const murmur2 = (key: string): number => {
  const data = Buffer.from(key, 'utf8');
  const m = 0x5bd1e995;
  let h = (0x9747b28c ^ data.length) | 0;
  let i = 0;
  for (; i + 4 <= data.length; i += 4) {
    let k = Math.imul(data.readInt32LE(i), m);
    k = Math.imul(k ^ (k >>> 24), m);
    h = Math.imul(h, m) ^ k;
  }
  for (let shift = (data.length & 3) - 1; shift >= 0; shift--) h ^= (data[i + shift] ?? 0) << (8 * shift);
  if ((data.length & 3) > 0) h = Math.imul(h, m);
  h = Math.imul(h ^ (h >>> 13), m);
  return (h ^ (h >>> 15)) >>> 0;
};

/** Partition of a key: the non-negative hash modulo P, as in Kafka. */
export const partitionOf = (key: string, partitions: number): number =>
  (murmur2(key) & 0x7fffffff) % partitions;
