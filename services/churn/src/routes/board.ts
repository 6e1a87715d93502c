// `GET /api/churn/board`: customers by risk, and how many there are of each level.
import {
  AsOf,
  Id,
  listPage,
  listParameters,
  positionsOut,
  route,
  Texts,
  valueOf,
  viewOf,
  waitForPositions,
  type Kit,
  type Principal,
  sortOf,
  type Question,
  type RouteSpec,
  type Row,
} from '@tenure/http';
import type { ProjectionDefinition } from '@tenure/projections';
import type { Filter } from '@tenure/read-models';
import { z } from 'zod';
import { COLUMNS, signalColumn } from '../columns.ts';
import { LEVELS } from '../rules.ts';
import { signals } from '../signals/index.ts';

const DEFAULT_LIMIT = 50;
const CODES = signals.map(({ code }) => code);
const SORTS: Readonly<Record<string, string>> = {
  score: COLUMNS.score,
  level: COLUMNS.level,
  owner: COLUMNS.owner,
};

const BoardItem = z.object({
  id: Id,
  customerId: Id,
  ownerId: z.string().nullable(),
  score: z.int(),
  level: z.enum(LEVELS),
  published: z.enum(LEVELS),
  churnedOn: z.string().nullable(),
  lastOrderOn: z.string().nullable(),
  signals: z.array(z.object({ code: z.string(), severity: z.int() })),
});

const Codes = Texts.refine((codes) => codes.every((code) => CODES.includes(code)), {
  message: `one or more of ${CODES.join(', ')}`,
});
const Levels = Texts.refine(
  (levels) => levels.every((level) => (LEVELS as readonly string[]).includes(level)),
  {
    message: `one or more of ${LEVELS.join(', ')}`,
  },
);

export const boardRoute = (definition: ProjectionDefinition): RouteSpec =>
  route({
    method: 'GET',
    path: '/api/churn/board',
    summary: 'Customers by their risk of leaving',
    tag: 'churn',
    access: { rights: ['open', 'masked'] },
    query: z.object({
      level: Levels.optional(),
      signal: Codes.optional(),
      owner: Texts.optional(),
      ...listParameters,
    }),
    responses: {
      200: {
        description:
          'A page, the greatest risk first unless sorted otherwise. `distribution` counts the customers of every level that match the other filters.',
        schema: z.object({
          items: z.array(BoardItem),
          next: z.string().nullable(),
          distribution: z.record(z.enum(LEVELS), z.int()),
          asOf: AsOf,
        }),
        headers: { 'X-Position': 'What the board has folded.' },
      },
    },
    problems: ['BEHIND'],
    handle: async ({ query, principal }, kit) => {
      await waitForPositions(definition, query.minPosition, kit);
      const filters = filtersOf(query);
      const question: Question = {
        route: '/api/churn/board',
        projection: definition,
        filters: [...(query.level ? [oneOf(COLUMNS.level, query.level)] : [ASSESSED]), ...filters],
        sort: sortOf(query.sort ?? '-score', SORTS),
      };
      const request = { limit: query.limit ?? DEFAULT_LIMIT, cursor: query.cursor, principal };
      const { rows, next, asOf } = await listPage(question, request, kit);
      return {
        status: 200,
        headers: { 'X-Position': positionsOut(asOf) },
        body: {
          items: rows.map((row) => itemOf(question, row)),
          next,
          distribution: await distributionOf(definition.name, filters, principal, kit),
          asOf,
        },
      };
    },
  });

const oneOf = (column: string, value: readonly string[]): Filter => ({ column, op: 'in', value });

/** Before the first closed day nobody is assessed. */
const ASSESSED = oneOf(COLUMNS.level, LEVELS);

const filtersOf = ({
  signal,
  owner,
}: {
  readonly signal?: readonly string[] | undefined;
  readonly owner?: readonly string[] | undefined;
}): readonly Filter[] => [
  ...(signal ?? []).map((code): Filter => ({ column: signalColumn(code), op: 'gte', value: 1 })),
  ...(owner ? [oneOf(COLUMNS.owner, owner)] : []),
];

const itemOf = (question: Question, { document }: Row): z.infer<typeof BoardItem> => {
  const text = (column: string): string | null => {
    const value = valueOf(question, document, column);
    return typeof value === 'string' ? value : null;
  };
  const level = (column: string): (typeof LEVELS)[number] =>
    LEVELS.find((one) => one === text(column)) ?? 'LOW';
  const score = valueOf(question, document, COLUMNS.score);
  return {
    id: document.id,
    customerId: document.id,
    ownerId: text(COLUMNS.owner),
    score: typeof score === 'number' ? score : 0,
    level: level(COLUMNS.level),
    published: level(COLUMNS.published),
    churnedOn: text('churned_on'),
    lastOrderOn: text('last_order_on'),
    signals: CODES.flatMap((code) => {
      const severity = valueOf(question, document, signalColumn(code));
      return typeof severity === 'number' ? [{ code, severity }] : [];
    }),
  };
};

type Distribution = Record<(typeof LEVELS)[number], number>;

/** A caller who is limited to his own and his team's is told of those alone: owners are few, so each is counted. */
const distributionOf = async (
  projection: string,
  filters: readonly Filter[],
  principal: Principal,
  kit: Kit,
): Promise<Distribution> => {
  const seen = ownersSeen(principal, kit);
  const within =
    seen === null ? filters : [...filters, { column: COLUMNS.owner, op: 'in' as const, value: seen }];
  const counts = await Promise.all(
    LEVELS.map((level) =>
      kit.reader.count(projection, [...within, { column: COLUMNS.level, op: 'eq', value: level }]),
    ),
  );
  return Object.fromEntries(LEVELS.map((level, i) => [level, counts[i] ?? 0])) as Distribution;
};

/** Null: all of them. Nobody's customers are everybody's. */
const ownersSeen = (principal: Principal, { ownership }: Kit): readonly (string | null)[] | null => {
  const { open, masked } = viewOf(principal);
  if (open === 'all' || masked) return null;
  if (open === 'none') return [];
  const { agent, teams } = principal;
  return [null, ...(agent === undefined ? [] : [agent]), ...ownership.membersOf(teams)];
};
