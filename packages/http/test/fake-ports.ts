// The ports behind the edge as tables in memory.
import { TenureError } from '@tenure/core';
import type { Codec } from '@tenure/events';
import type { EventLog, LogRecord } from '@tenure/event-log';
import type { ProjectionReader } from '@tenure/projections';
import type { Filter, Query, Scalar, StoredDocument } from '@tenure/read-models';
import { boxes } from './boxes.ts';

const matches = (filter: Filter, value: Scalar): boolean => {
  const against = filter.value;
  if (filter.op === 'in') return (against as readonly Scalar[]).includes(value);
  if (filter.op === 'eq') return value === against;
  if (value === null || against === null || typeof against === 'object') return false;
  return filter.op === 'gte' ? value >= against : filter.op === 'lt' ? value < against : false;
};

const at = (document: StoredDocument, name: string): Scalar =>
  document.columns[boxes.columns.findIndex((candidate) => candidate.name === name)] ?? null;

const queryRows = (rows: readonly StoredDocument[], query: Query): readonly StoredDocument[] => {
  const order = (a: readonly [Scalar, string], b: readonly [Scalar, string]): number => {
    const by =
      (a[0] ?? 0) < (b[0] ?? 0) ? -1 : (a[0] ?? 0) > (b[0] ?? 0) ? 1 : a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0;
    return query.sort.descending ? -by : by;
  };
  const key = (document: StoredDocument): readonly [Scalar, string] => [
    at(document, query.sort.column),
    document.id,
  ];
  return rows
    .filter((document) => query.filters.every((filter) => matches(filter, at(document, filter.column))))
    .filter((document) => !query.after || order(key(document), [query.after.value, query.after.id]) > 0)
    .toSorted((a, b) => order(key(a), key(b)))
    .slice(0, query.limit);
};

export const fakeReader = (world: { readonly rows: readonly StoredDocument[] }): ProjectionReader => ({
  load: (_, ids) =>
    Promise.resolve(
      new Map(world.rows.filter(({ id }) => ids.includes(id)).map((document) => [document.id, document])),
    ),
  byKey: (_, key) => Promise.resolve(world.rows.filter((document) => document.key === key)),
  absorbedBy: (_, id) =>
    Promise.resolve(world.rows.filter((one) => one.redirect === id).map((one) => one.id)),
  query: (_, query) => Promise.resolve(queryRows(world.rows, query)),
  count: () => Promise.resolve(world.rows.length),
  search: () => Promise.resolve([]),
  searchOf: () => Promise.resolve([]),
  generation: () => ({ generation: 1, stale: false }),
  folded: () => ({ store: 41 }),
  businessDay: () => '2026-11-19',
  waitFor: (_, positions) =>
    (positions['store'] ?? 0) > 41
      ? Promise.reject(
          new TenureError('BEHIND', 'Not there yet.', { asOf: { store: 41 } }, { retriable: true }),
        )
      : Promise.resolve(),
});

export const unused = (): never => {
  throw new Error('not used here');
};

export const fakeLog = (records: ReadonlyMap<string, readonly LogRecord[]>): EventLog =>
  ({
    partitions: 16,
    readKey: (source: string, key: string) => Promise.resolve(records.get(`${source} ${key}`) ?? []),
  }) as unknown as EventLog;

/** Bodies of the fake log are JSON. */
export const fakeCodec: Codec = {
  encode: unused,
  payload: unused,
  readPayload: unused,
  hasPersonalFields: () => true,
  openFields: (block, key) =>
    key === undefined
      ? { redacted: 'erased' }
      : new Map(Object.entries(JSON.parse(Buffer.from(block.ct).toString()) as object)),
  aboutCustomer: () => true,
  peek: (body) => JSON.parse(Buffer.from(body).toString()) as ReturnType<Codec['peek']>,
  decode: (source, stored) => {
    const event = JSON.parse(Buffer.from(stored.body).toString()) as ReturnType<Codec['decode']>;
    const { sealed } = event;
    return {
      ...event,
      ...stored,
      source,
      sealed: sealed === null ? null : { ...sealed, ct: Buffer.from(sealed.ct as unknown as string) },
    };
  },
};
