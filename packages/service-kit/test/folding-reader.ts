// A reader that folds a store anew at every query: what the projection engine would show when it has caught up.
import type { EventStore } from '@tenure/event-store';
import type { Document, ProjectionDefinition, ProjectionReader } from '@tenure/projections';
import type { Query, Scalar, StoredDocument } from '@tenure/read-models';
import { jsonCodec } from './toy.ts';

export const foldingReader = (
  definition: ProjectionDefinition,
  source: string,
  store: EventStore,
): Pick<ProjectionReader, 'query' | 'waitFor'> => ({
  waitFor: async () => {},
  async query(_, query) {
    const slice = definition.slices[source];
    const states = new Map<string, { key: string; state: unknown }>();
    for (const stored of await store.readAll(0, 10_000)) {
      const event = jsonCodec.decode(source, stored);
      const id = definition.documentId?.(event) ?? event.key;
      const before = states.get(id)?.state ?? slice?.init();
      const handler = slice?.on[event.type];
      states.set(id, { key: event.key, state: handler === undefined ? before : handler(before, event) });
    }
    const documents = [...states].map(([id, { key, state }]) =>
      stored(definition, key, { id, slices: { [source]: state }, summary: null }),
    );
    return page(definition, documents, query);
  },
});

const stored = (definition: ProjectionDefinition, key: string, document: Document): StoredDocument => ({
  id: document.id,
  key,
  body: JSON.stringify({ slices: document.slices, summary: null }),
  vector: {},
  sealed: null,
  partition: 0,
  stale: false,
  redirect: null,
  wakeAt: null,
  change: 0,
  columns: definition.columns.map(({ value }) => value(document)),
});

const compare = (a: readonly [Scalar, string], b: readonly [Scalar, string]): number => {
  const [x, y] = a[0] === b[0] ? [a[1], b[1]] : [a[0] ?? '', b[0] ?? ''];
  return x === y ? 0 : x < y ? -1 : 1;
};

const page = (definition: ProjectionDefinition, documents: readonly StoredDocument[], query: Query) => {
  const place = definition.columns.findIndex(({ name }) => name === query.sort.column);
  const limit = query.filters[0]?.value as number | string;
  const order = (document: StoredDocument): readonly [Scalar, string] => [
    document.columns[place] ?? null,
    document.id,
  ];
  return documents
    .filter((document) => {
      const [value] = order(document);
      return value !== null && value <= limit;
    })
    .filter(
      (document) => query.after === null || compare(order(document), [query.after.value, query.after.id]) > 0,
    )
    .toSorted((a, b) => compare(order(a), order(b)))
    .slice(0, query.limit);
};
