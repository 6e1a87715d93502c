// Which lane a key lives in: the hash Kafka clients use by default, so producers in any language agree.

/** Murmur2 of a range of bytes, as Kafka's DefaultPartitioner computes it; unsigned 32 bit. */
export const murmur2Bytes = (data: Uint8Array, offset: number, length: number): number => {
  const m = 0x5bd1e995;
  let h = (0x9747b28c ^ length) | 0;
  let i = offset;
  const end = offset + length;
  for (; i + 4 <= end; i += 4) {
    let k = Math.imul(
      byte(data, i) | (byte(data, i + 1) << 8) | (byte(data, i + 2) << 16) | (byte(data, i + 3) << 24),
      m,
    );
    k = Math.imul(k ^ (k >>> 24), m);
    h = Math.imul(h, m) ^ k;
  }
  for (let shift = (length & 3) - 1; shift >= 0; shift--) h ^= byte(data, i + shift) << (8 * shift);
  if ((length & 3) > 0) h = Math.imul(h, m);
  h = Math.imul(h ^ (h >>> 13), m);
  return (h ^ (h >>> 15)) >>> 0;
};

const byte = (data: Uint8Array, at: number): number => data[at] ?? 0;

// Keys are ids of 36 characters: hashing them must not allocate.
const keyBytes = Buffer.alloc(256);

/** Murmur2 of the UTF-8 key; unsigned 32 bit. */
export const murmur2 = (key: string): number => {
  if (key.length * 3 <= keyBytes.length) return murmur2Bytes(keyBytes, 0, keyBytes.write(key, 0));
  const bytes = Buffer.from(key, 'utf8');
  return murmur2Bytes(bytes, 0, bytes.length);
};

/** Partition of a hash: the non-negative hash modulo P, as in Kafka. */
export const partitionOfHash = (hash: number, partitions: number): number => (hash & 0x7fffffff) % partitions;

/** Partition of a key. */
export const partitionOf = (key: string, partitions: number): number =>
  partitionOfHash(murmur2(key), partitions);
