// A generation open for reading: each call is one statement or one read transaction, so it sees whole commits only.
import type {
  GenerationInfo,
  LaneCheckpoint,
  ModelShape,
  ParkedRow,
  Reader,
  RefoldRow,
  SearchEntry,
  StoredDocument,
} from '../read-models.ts';
import { aboutOf } from './about.ts';
import type { Database, SqlValue } from './database.ts';
import { documentOf, projectionOf, type DocumentRow, type Projection } from './documents.ts';
import { countOf, pageOf } from './query.ts';
import { storedEntries } from './row-layout.ts';

const SEARCH = 'SELECT id FROM search WHERE kind = ? AND hash = ? ORDER BY id LIMIT ?';
// During a build the search table is still empty: its entries stand in the documents alone.
const SEARCH_IN_BUILD = `SELECT DISTINCT document.id FROM document, json_each(document.search) AS entry
  WHERE search IS NOT NULL AND entry.value ->> 0 = ? AND entry.value ->> 1 = ? ORDER BY 1 LIMIT ?`;

const SEARCH_TEXT = 'SELECT search FROM document WHERE id = ?';
const IS_FOUND = 'SELECT 1 FROM search WHERE kind = ? AND hash = ? AND id = ?';

// Only what the search really finds: an entry beside the document that the table lacks is none.
const searchEntriesOf = (database: Database, id: string, isBuilt: boolean): readonly SearchEntry[] => {
  const [text] = database.get<[string | null]>(SEARCH_TEXT, id) ?? [];
  return (storedEntries(text ?? null) ?? [])
    .filter(([kind, hash]) => !isBuilt || database.get(IS_FOUND, kind, hash, id) !== undefined)
    .map(([kind, hash]) => ({ kind, hash }))
    .toSorted((a, b) => (a.kind === b.kind ? order(a.hash, b.hash) : order(a.kind, b.kind)));
};

const order = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

type ParkedColumns = readonly [
  string, number, string, string, string, string, number, number, number, number, number, string | null,
]; // prettier-ignore

const parkedOf = (row: ParkedColumns): ParkedRow => {
  const [key, partition, failure, message, source, codeHash, first, last, events, attempts, since, skipped] =
    row;
  return {
    key,
    partition,
    class: failure,
    message,
    source,
    codeHash,
    firstPosition: first,
    lastPosition: last,
    events,
    attempts,
    since,
    skipped,
  };
};

/** The reading half of a generation, over a connection of its own or the writer's. */
export const readerOf = (database: Database, shape: ModelShape, info: GenerationInfo): Reader => {
  const projection = projectionOf(shape, aboutOf(database).columns);
  let built = false; // never goes back, so it is asked for only until it is true
  const isBuilt = (): boolean => (built ||= aboutOf(database).built);
  return {
    info,
    query: async (query) => pageOf(database, projection, query, isBuilt()),
    count: async (filters) => countOf(database, projection, filters),
    search: async ({ kind, hash }, limit) =>
      database.all<[string]>(isBuilt() ? SEARCH : SEARCH_IN_BUILD, kind, hash, limit).map(([id]) => id),
    searchOf: async (id) => database.snapshot(() => searchEntriesOf(database, id, isBuilt())),
    ...documentsOf(database, projection),
    ...progressOf(database),
    stats: async () => database.snapshot(() => statsOf(database)),
    close: async () => database.close(),
  };
};

const BY_ID = 'id IN (SELECT value FROM json_each(?))';
const ABSORBED_BY = 'SELECT id FROM document WHERE redirect = ? ORDER BY id';
const DUE = 'SELECT id FROM document WHERE partition = ? AND wake_at <= ? ORDER BY wake_at, id LIMIT ?';

const documentsOf = (
  database: Database,
  projection: Projection,
): Pick<Reader, 'load' | 'byKey' | 'absorbedBy' | 'scan' | 'due' | 'changes'> => {
  const select = `SELECT ${projection.list} FROM document WHERE`;
  const found = (where: string, ...values: readonly SqlValue[]): readonly StoredDocument[] =>
    database.all<DocumentRow>(`${select} ${where}`, ...values).map(documentOf);
  return {
    load: async (ids) =>
      new Map(found(BY_ID, JSON.stringify(ids)).map((document) => [document.id, document])),
    byKey: async (key) =>
      found(`id = ? AND key = id UNION ALL ${select} key = ? AND key <> id ORDER BY 1`, key, key),
    absorbedBy: async (id) => database.all<[string]>(ABSORBED_BY, id).map(([absorbed]) => absorbed),
    scan: async (after, limit) => found('id > ? ORDER BY id LIMIT ?', after, limit),
    due: async (partition, instant, limit) =>
      database.all<[string]>(DUE, partition, instant, limit).map(([id]) => id),
    changes: async (partition, change, limit) =>
      found('partition = ? AND change > ? ORDER BY change LIMIT ?', partition, change, limit),
  };
};

const progressOf = (database: Database): Pick<Reader, 'checkpoints' | 'parked' | 'refolds'> => ({
  checkpoints: async () =>
    database
      .all<[string, number, number, number]>(
        'SELECT source, partition, seq, position FROM checkpoint ORDER BY source, partition',
      )
      .map(([source, partition, seq, position]): LaneCheckpoint => ({ source, partition, seq, position })),
  parked: async () =>
    database
      .all<ParkedColumns>(
        `SELECT key, partition, class, message, source, code_hash, first_position, last_position, events, attempts,
           since, skipped FROM parked ORDER BY key`,
      )
      .map(parkedOf),
  refolds: async (limit) =>
    database
      .all<[string, number, string]>(
        'SELECT key, partition, reason FROM refold ORDER BY number LIMIT ?',
        limit,
      )
      .map(([key, partition, reason]): RefoldRow => ({ key, partition, reason })),
});

const statsOf = (database: Database): Awaited<ReturnType<Reader['stats']>> => {
  const number = (sql: string): number => database.get<[number]>(sql)?.[0] ?? 0;
  return {
    documents:
      number('SELECT count(*) FROM document') -
      number('SELECT count(*) FROM document WHERE redirect IS NOT NULL'),
    parked: number('SELECT count(*) FROM parked WHERE skipped IS NULL'),
    bytes: number('PRAGMA page_count') * number('PRAGMA page_size'),
  };
};
