import { createSecretKey } from 'node:crypto';
import {
  diceSimilarity,
  externalIdValue,
  REDACTED,
  searchHash,
  searchHashes,
  type SealedBlock,
} from '@tenure/events';
import { describe, expect, it, vi } from 'vitest';
import type { ClearSearchValue, SearchValue } from './definition.ts';
import type { LiveDocument } from './live-document.ts';
import { searchEntries, type BlindIndex, type Keys } from './search-index.ts';

const pepper = createSecretKey(Buffer.alloc(32, 5));
const dataKey = { kid: 'k1', key: createSecretKey(Buffer.alloc(32, 6)) };
const keys: Keys = new Map([['kim', dataKey]]);
const bytes = new Uint8Array(0);
const block: SealedBlock = { eventId: 'e1', customerId: 'kim', schemaId: 1, kid: 'k1', iv: bytes, ct: bytes };

const documentWith = (...blocks: readonly SealedBlock[]): LiveDocument =>
  ({
    blocks: new Map(blocks.map((one) => [one.eventId, one])),
    hashes: new Map(),
  }) as unknown as LiveDocument;

const indexOf = (fields: Readonly<Record<string, unknown>>) => {
  const openFields = vi.fn<BlindIndex['codec']['openFields']>((_, key) =>
    key === undefined ? REDACTED : new Map(Object.entries(fields)),
  );
  const hashes = vi.fn<BlindIndex['searchHashes']>((kind, value) => searchHashes(pepper, 'CN', kind, value));
  return { codec: { openFields }, searchHashes: hashes };
};

const name = (kind: SearchValue['kind'], over: Partial<SearchValue['value']> = {}): SearchValue => ({
  kind,
  value: { $sealed: 'e1', field: 'name', ...over },
});

const entriesOf = (
  values: readonly (SearchValue | ClearSearchValue)[],
  { document = documentWith(block), index = indexOf({ name: 'Li Wei' }), from = keys } = {},
) => searchEntries(document, values, from, index);

describe('the search entries of a document', () => {
  it('are many for a name by its bigrams, in the order of their hashes, beside the one of the whole name', () => {
    const entries = entriesOf([name('NAME'), name('NAME_BIGRAM')]);
    expect(entries.filter(({ kind }) => kind === 'NAME')).toEqual([
      { kind: 'NAME', hash: searchHash(pepper, 'CN', 'NAME', 'Li Wei') },
    ]);
    const pairs = entries.filter(({ kind }) => kind === 'NAME_BIGRAM').map(({ hash }) => hash);
    expect(pairs).toEqual(searchHashes(pepper, 'CN', 'NAME_BIGRAM', 'Li Wei').toSorted());
    expect(diceSimilarity(pairs, searchHashes(pepper, 'CN', 'NAME_BIGRAM', 'wei, li'))).toBe(1);
  });

  it('are hashed once, and kept with the document', () => {
    const [document, index] = [documentWith(block), indexOf({ name: 'Li Wei' })];
    const first = entriesOf([name('NAME_BIGRAM')], { document, index });
    expect(entriesOf([name('NAME_BIGRAM')], { document, index })).toEqual(first);
    expect(index.searchHashes).toHaveBeenCalledTimes(1);
    expect(index.codec.openFields).toHaveBeenCalledTimes(1);
  });

  it('of a clear value are the value, or its hashes where it says so', () => {
    const clear = externalIdValue('ERP', ' 4711');
    const entries = entriesOf([
      { kind: 'externalId', clear },
      { kind: 'EXTERNAL_ID', clear, keyed: true },
    ]);
    expect(entries).toEqual([
      { kind: 'EXTERNAL_ID', hash: searchHash(pepper, 'CN', 'EXTERNAL_ID', externalIdValue('erp', '4711')) },
      { kind: 'externalId', hash: clear },
    ]);
  });

  it('find a value of a sealed map by its entry, and nothing that is no text', () => {
    const index = indexOf({ name: { de: 'Li', en: 7 }, list: new Map([['de', 'Wei']]) });
    const hash = (value: string) => searchHash(pepper, 'CN', 'NAME', value);
    expect(entriesOf([name('NAME', { entry: 'de' })], { index })).toEqual([
      { kind: 'NAME', hash: hash('Li') },
    ]);
    expect(entriesOf([name('NAME', { field: 'list', entry: 'de' })], { index })).toEqual([
      { kind: 'NAME', hash: hash('Wei') },
    ]);
    for (const value of [{ entry: 'en' }, { entry: 'toString' }, {}, { field: 'age' }, { $sealed: 'e2' }])
      expect(entriesOf([name('NAME', value)], { index })).toEqual([]);
  });

  it('are none when the key is gone or another one', () => {
    expect(entriesOf([name('NAME_BIGRAM')], { from: new Map() })).toEqual([]);
    expect(entriesOf([name('NAME_BIGRAM')], { from: new Map([['kim', { ...dataKey, kid: 'k2' }]]) })).toEqual(
      [],
    );
  });
});
