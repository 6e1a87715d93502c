// The blind index of a document: personal values are opened, normalised and hashed when the document is written, and
// nothing but the hash is kept.
import {
  decodeBlocks,
  isRedacted,
  sealedValue,
  type Codec,
  type OpenedFields,
  type Redacted,
  type Sealable,
  type SealedBlock,
} from '@tenure/events';
import type { DataKey } from '@tenure/keys';
import type { SearchEntry } from '@tenure/read-models';
import type { ClearSearchValue, SearchValue } from './definition.ts';
import type { LiveDocument } from './live-document.ts';

/**
 * Hashes of a personal value as it was entered; none where it gives no key (no phone number, an empty name), many where
 * it is found by its parts. Given by the composition, which knows the pepper and the region:
 * `searchHashes(pepper, region, kind, value)` of packages/events.
 */
export type SearchHashes = (kind: string, value: string) => readonly string[];

/** Values, each with its hashes: a document has a handful to be found by; more is what it had before. */
const MAX_HASHED = 64;

/** How personal values become search entries. */
export type BlindIndex = {
  readonly codec: Pick<Codec, 'openFields'>;
  readonly searchHashes: SearchHashes;
};

export type Keys = ReadonlyMap<string, DataKey>;

/** The blocks beside a document in memory, by event id. */
export const blocksOf = (document: LiveDocument): ReadonlyMap<string, SealedBlock> => {
  if (document.blocks !== null) return document.blocks;
  const blocks = new Map(decodeBlocks(document.sealed));
  for (const block of document.added) if (!blocks.has(block.eventId)) blocks.set(block.eventId, block);
  return (document.blocks = blocks);
};

/** Whose keys are needed to index these documents. */
export const personsOf = (documents: Iterable<LiveDocument>): readonly string[] => {
  const persons = new Set<string>();
  for (const document of documents)
    if (document.sealed !== null || document.added.length > 0)
      for (const block of blocksOf(document).values()) persons.add(block.customerId);
  return [...persons];
};

/** The entries of a document, sorted and each once. What cannot be opened any more has no entry. */
export const searchEntries = (
  document: LiveDocument,
  values: readonly (SearchValue | ClearSearchValue)[],
  keys: Keys,
  index: BlindIndex,
): readonly SearchEntry[] => {
  if (values.length === 0) return [];
  const opened = opener(document, keys, index);
  const entries = new Map<string, SearchEntry>();
  for (const value of values) {
    const { kind } = value;
    for (const hash of 'clear' in value ? clearHashes(value, index) : opened(value))
      entries.set(`${kind}\n${hash}`, { kind, hash });
  }
  return [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
};

const clearHashes = ({ kind, clear, keyed }: ClearSearchValue, index: BlindIndex): readonly string[] =>
  keyed === true ? index.searchHashes(kind, clear) : [clear];

const opener = (document: LiveDocument, keys: Keys, index: BlindIndex) => {
  const blocks = blocksOf(document);
  const fields = new Map<string, OpenedFields | Redacted>();
  return ({ kind, value }: SearchValue): readonly string[] => {
    const block = blocks.get(value.$sealed);
    const key = block === undefined ? undefined : keys.get(block.customerId);
    if (block === undefined || key?.kid !== block.kid) return [];
    const reference = `${kind}\n${value.$sealed}\n${value.field}\n${value.entry ?? ''}`;
    const known = document.hashes.get(reference);
    if (known !== undefined) return known;
    let content = fields.get(block.eventId);
    if (content === undefined) fields.set(block.eventId, (content = index.codec.openFields(block, key)));
    const text = isRedacted(content) ? undefined : fieldOf(content, value);
    const hashes = text === undefined ? [] : index.searchHashes(kind, text);
    if (document.hashes.size >= MAX_HASHED) document.hashes.clear();
    if (hashes.length > 0) document.hashes.set(reference, hashes);
    return hashes;
  };
};

const fieldOf = (fields: OpenedFields, reference: Sealable<string>): string | undefined => {
  const value: unknown = sealedValue(fields, reference);
  return typeof value === 'string' ? value : undefined;
};
