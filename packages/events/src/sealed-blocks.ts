// The sealed blocks that a document refers to, in the compact bytes that lie beside it in a read model
// (`StoredDocument.sealed`). Equal sets of blocks are equal bytes: blocks stand in the order of their event ids.
//
//   version 1 | persons: n, then (customer id, kid) | blocks: n, then (event id 16, person, schema id, iv 12, ct)
//
// Numbers are unsigned LEB128, texts and ciphertexts carry their length before them.
import { isUuid, TenureError, uuidFromBytes, uuidToBytes } from '@tenure/core';
import { isSealedRef, type SealedBlock } from './sealed.ts';
import { IV_BYTES, TAG_BYTES } from './sealing.ts';

/** Blocks by event id. */
export type SealedBlocks = ReadonlyMap<string, SealedBlock>;

const VERSION = 1;
/** Event ids are 16 bytes, and no block is smaller than this: a forged count cannot ask for more than the bytes hold. */
const SMALLEST_BLOCK = 16 + 1 + 1 + IV_BYTES + 1 + TAG_BYTES;

/** The bytes for a set of blocks; null for none. @throws UNDECODABLE for an event id that is no UUID. */
export const encodeBlocks = (blocks: SealedBlocks): Uint8Array | null => {
  if (blocks.size === 0) return null;
  const ordered = [...blocks.values()].toSorted((a, b) => (a.eventId < b.eventId ? -1 : 1));
  const persons = new Map<string, number>();
  const rows = ordered.map((block) => encodeRow(block, personOf(persons, block)));
  const parts = [Buffer.from([VERSION]), leb(persons.size)];
  for (const person of persons.keys()) for (const text of person.split('\n')) parts.push(...prefixed(text));
  return Buffer.concat([...parts, leb(rows.length), ...rows]);
};

const personOf = (persons: Map<string, number>, block: SealedBlock): number => {
  const person = `${block.customerId}\n${block.kid}`;
  const known = persons.get(person);
  if (known !== undefined) return known;
  persons.set(person, persons.size);
  return persons.size - 1;
};

const encodeRow = (block: SealedBlock, person: number): Buffer => {
  if (!isUuid(block.eventId) || block.iv.length !== IV_BYTES) throw unreadable();
  return Buffer.concat([
    uuidToBytes(block.eventId),
    leb(person),
    leb(block.schemaId),
    block.iv,
    leb(block.ct.length),
    block.ct,
  ]);
};

const prefixed = (text: string): readonly [Buffer, Buffer] => {
  const bytes = Buffer.from(text, 'utf8');
  return [leb(bytes.length), bytes];
};

const leb = (value: number): Buffer => {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return Buffer.from([...bytes, rest]);
};

/**
 * The blocks in the bytes of `encodeBlocks`; none for null. Their `iv` and `ct` are views into `bytes`, not copies.
 * @throws UNDECODABLE for anything else.
 */
export const decodeBlocks = (bytes: Uint8Array | null): SealedBlocks => {
  const blocks = new Map<string, SealedBlock>();
  if (bytes === null) return blocks;
  const reader = readerOf(bytes);
  if (reader.number() !== VERSION) throw unreadable();
  const persons = Array.from({ length: reader.count(2) }, () => ({
    customerId: reader.text(),
    kid: reader.text(),
  }));
  for (let left = reader.count(SMALLEST_BLOCK); left > 0; left--) {
    const eventId = uuidFromBytes(reader.take(16));
    const person = persons[reader.number()];
    if (person === undefined) throw unreadable();
    const schemaId = reader.number();
    const iv = reader.take(IV_BYTES);
    blocks.set(eventId, { eventId, ...person, schemaId, iv, ct: reader.take(reader.number()) });
  }
  if (!reader.atEnd()) throw unreadable();
  return blocks;
};

const readerOf = (bytes: Uint8Array) => {
  let at = 0;
  const take = (size: number): Uint8Array => {
    if (size > bytes.length - at) throw unreadable();
    at += size;
    return bytes.subarray(at - size, at);
  };
  const number = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined || scale > 2 ** 28) throw unreadable();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  };
  return {
    take,
    number,
    text: () => Buffer.from(take(number())).toString('utf8'),
    count(smallest: number): number {
      const count = number();
      if (count > (bytes.length - at) / smallest) throw unreadable();
      return count;
    },
    atEnd: () => at === bytes.length,
  };
};

const unreadable = (): TenureError =>
  new TenureError('UNDECODABLE', 'The sealed blocks of a document are not readable; compute it anew (heal).');

/** Event ids that a value refers to, at any depth. */
export const sealedRefs = (value: unknown, found: Set<string> = new Set()): ReadonlySet<string> => {
  if (isSealedRef(value)) found.add(value.$sealed);
  else if (typeof value === 'object' && value !== null)
    for (const inner of Object.values(value)) sealedRefs(inner, found);
  return found;
};

/** The same from a document's JSON text, without parsing it: inside a string the quotes would be escaped. */
export const sealedRefsOfJson = (json: string): ReadonlySet<string> =>
  new Set(Array.from(json.matchAll(/"\$sealed":"([0-9a-f-]{36})"/g), (match) => match[1] ?? ''));

/** The stored blocks of a document with new ones added, and without those its body refers to no more. */
export const mergeBlocks = (
  stored: Uint8Array | null,
  added: readonly SealedBlock[],
  refs: ReadonlySet<string>,
): Uint8Array | null => {
  if (refs.size === 0) return null;
  const before = decodeBlocks(stored);
  const after = new Map<string, SealedBlock>();
  for (const block of before.values()) if (refs.has(block.eventId)) after.set(block.eventId, block);
  const kept = after.size;
  // A redelivered event brings its block again: the stored one stays, so that nothing changes.
  for (const block of added)
    if (refs.has(block.eventId) && !after.has(block.eventId)) after.set(block.eventId, block);
  return kept === before.size && after.size === kept ? stored : encodeBlocks(after);
};
