// Pages of a list model: filters, sort, keyset cursor, and only the rows that the caller may see.
import type { ProjectionDefinition } from '@tenure/projections';
import type { Filter, Scalar, StoredDocument, Vector } from '@tenure/read-models';
import type { Principal } from './access.ts';
import { afterOf, cursorOf } from './cursor.ts';
import type { Kit } from './kit.ts';
import { invalid } from './problems.ts';
import { owns, sightOf, viewOf, type Sight } from './ownership.ts';

/** What is asked of a list, the same for every page of it. */
export type Question = {
  readonly route: string;
  readonly projection: ProjectionDefinition;
  readonly filters: readonly Filter[];
  /** What the caller asked for, where the filters say more: a cursor outlives a merge between two pages. */
  readonly asked?: unknown;
  readonly sort: { readonly column: string; readonly descending: boolean };
  /** The column with the owner of the aggregate itself, where it has one: he counts before the customer's. */
  readonly ownerColumn?: string | undefined;
};

export type PageRequest = {
  readonly limit: number;
  readonly cursor: string | undefined;
  readonly principal: Principal;
};

export type Row = { readonly document: StoredDocument; readonly sight: Sight };

export type Page = {
  readonly rows: readonly Row[];
  readonly next: string | null;
  readonly asOf: Vector;
};

/** A caller who sees few of many rows gets short pages rather than a long scan: so many queries of a page at most. */
const MAX_SCANS = 10;

type After = { readonly value: Scalar; readonly id: string };

/** `-createdAt` → descending by the column behind it. `sorts`: column by name. @throws INVALID */
export const sortOf = (sort: string, sorts: Readonly<Record<string, string>>): Question['sort'] => {
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  const column = Object.hasOwn(sorts, name) ? sorts[name] : undefined;
  if (column !== undefined) return { column, descending };
  const message = `must be one of ${Object.keys(sorts).join(', ')}, with - in front for descending`;
  throw invalid([{ path: '/sort', message }]);
};

/** The next page. `next` is null when nothing comes after it. @throws INVALID for a foreign cursor. */
export const listPage = async (question: Question, request: PageRequest, kit: Kit): Promise<Page> => {
  const { reader, cursorSecret } = kit;
  const bound = boundTo(question, request.principal);
  const asOf = reader.folded(question.projection.name);
  const rows: Row[] = [];
  let after = request.cursor === undefined ? null : (afterOf(cursorSecret, bound, request.cursor) as After);
  let more = true;
  for (let scans = 0; more && rows.length < request.limit && scans < MAX_SCANS; scans++) {
    // One more than the page tells whether there is a next one.
    const found = await reader.query(question.projection.name, {
      filters: question.filters,
      sort: question.sort,
      after,
      limit: request.limit + 1,
    });
    const candidates = found.slice(0, request.limit);
    more = found.length > request.limit;
    const sight = await rowSight(question, candidates, request.principal, kit);
    for (const document of candidates) {
      if (rows.length === request.limit) {
        more = true;
        break;
      }
      after = { value: valueOf(question, document, question.sort.column), id: document.id };
      const seen = sight(document);
      if (seen !== 'none') rows.push({ document, sight: seen });
    }
  }
  return { rows, next: more && after !== null ? cursorOf(cursorSecret, bound, after) : null, asOf };
};

const rowSight = async (
  question: Question,
  documents: readonly StoredDocument[],
  principal: Principal,
  { ownership }: Kit,
): Promise<(document: StoredDocument) => Sight> => {
  const { ownerColumn } = question;
  const keys = documents.map(({ key }) => key);
  const byCustomer = await sightOf(principal, keys, ownership);
  const view = viewOf(principal);
  return (document) => {
    const owner = ownerColumn === undefined ? null : valueOf(question, document, ownerColumn);
    if (typeof owner !== 'string' || view.open !== 'own') return byCustomer(document.key);
    return owns(principal, owner, ownership) ? 'open' : view.masked ? 'masked' : 'none';
  };
};

// The caller stands in it too: a page is cut by what he may see.
const boundTo = (question: Question, principal: Principal): unknown => ({
  route: question.route,
  filters: question.asked ?? question.filters,
  sort: question.sort,
  sub: principal.sub,
});

/** The value of an extracted column. */
export const valueOf = (
  { projection }: Pick<Question, 'projection'>,
  document: StoredDocument,
  column: string,
): Scalar => document.columns[projection.columns.findIndex(({ name }) => name === column)] ?? null;

/** The promise of `minPosition`: longer than any honest lag, shorter than a caller's patience. */
export const MIN_POSITION_WAIT_MS = 5_000;

/**
 * Waits until the projection has folded what the caller has written. Positions of sources that it does not read are
 * none of its business. @throws BEHIND after 5 s.
 */
export const waitForPositions = async (
  projection: ProjectionDefinition,
  positions: Vector | undefined,
  kit: Pick<Kit, 'reader'>,
): Promise<void> => {
  if (positions === undefined) return;
  const known = Object.entries(positions).filter(([source]) => source in projection.slices);
  if (known.length > 0)
    await kit.reader.waitFor(projection.name, Object.fromEntries(known), MIN_POSITION_WAIT_MS);
};
