// The event explorer, the jobs and the audit: pages of the log, personal values closed.
import { formatInstant, TenureError } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import {
  afterOf,
  AsOf,
  closedValues,
  Cursor,
  cursorOf,
  Instant,
  InstantParameter,
  Limit,
  route,
  Texts,
  type Kit,
  type RouteSpec,
} from '@tenure/http';
import { z } from 'zod';
import { eventPage, type EventQuery, type PageStart } from '../event-pages.ts';
import { JOBS } from '../jobs.ts';
import type { OperationsPorts } from '../ports.ts';

const Event = z.object({
  eventId: z.string(),
  type: z.string(),
  source: z.string(),
  stream: z.string(),
  revision: z.int(),
  position: z.int(),
  key: z.string(),
  occurredAt: Instant,
  recordedAt: Instant,
  actor: z.object({ kind: z.string(), id: z.string() }),
  data: z.record(z.string(), z.unknown()),
});

const Job = z.object({
  type: z.string(),
  at: Instant,
  by: z.object({ kind: z.string(), id: z.string() }),
  data: z.record(z.string(), z.unknown()),
});

const pageOf = (item: z.ZodType) =>
  z.object({ items: z.array(item), next: z.string().nullable(), asOf: AsOf });

const DEFAULT_LIMIT = 50;
const PageQuery = { limit: Limit.optional(), cursor: Cursor.optional() };

/** `/ops/events`, `/ops/jobs` and `/ops/audit`. */
export const eventRoutes = (ports: OperationsPorts): readonly RouteSpec[] => [
  explorer(ports),
  jobs(ports),
  audit(ports),
];

const explorer = (ports: OperationsPorts): RouteSpec =>
  route({
    method: 'GET',
    path: '/ops/events',
    summary: 'Events of some or all sources, newest first; personal values stay closed',
    tag: 'operations',
    access: { rights: ['ops-read'] },
    query: z.object({
      source: Texts.optional(),
      type: Texts.optional(),
      key: z.string().max(200).optional(),
      from: InstantParameter.optional(),
      ...PageQuery,
    }),
    responses: { 200: { description: 'Events, recorded at `from` or later.', schema: pageOf(Event) } },
    handle: async ({ query: { source, type, ...query } }, kit) =>
      pageAnswer(ports, kit, { ...query, route: '/ops/events', sources: source, types: type }, shown),
  });

const jobs = (ports: OperationsPorts): RouteSpec =>
  route({
    method: 'GET',
    path: '/ops/jobs',
    summary: 'Replays, swaps and imports, newest first',
    tag: 'operations',
    access: { rights: ['ops-read'] },
    query: z.object(PageQuery),
    responses: { 200: { description: 'Jobs', schema: pageOf(Job) } },
    handle: async ({ query }, kit) =>
      pageAnswer(ports, kit, { ...query, route: '/ops/jobs', sources: ['ops'], types: JOBS }, jobOf),
  });

const audit = (ports: OperationsPorts): RouteSpec =>
  route({
    method: 'GET',
    path: '/ops/audit',
    summary: 'Who was refused, who saw personal data, who did what',
    tag: 'operations',
    access: { rights: ['audit'] },
    query: z.object(PageQuery),
    responses: { 200: { description: 'Entries', schema: pageOf(Event) } },
    handle: async ({ query }, kit) => {
      await kit.audit.flush();
      const asked = { ...query, route: '/ops/audit', sources: ['ops'], types: ['AuditRecorded'] };
      return pageAnswer(ports, kit, asked, shown);
    },
  });

type Asked = Omit<EventQuery, 'sources' | 'start' | 'limit'> & {
  readonly route: string;
  /** Undefined: all. */
  readonly sources: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
};

/** @throws NOT_FOUND for an unknown source, INVALID for a foreign cursor */
const pageAnswer = async (
  ports: OperationsPorts,
  kit: Kit,
  { cursor, limit = DEFAULT_LIMIT, ...asked }: Asked,
  itemOf: (event: DecodedEvent) => object,
): Promise<{ readonly status: number; readonly body: object }> => {
  const heads = await ports.heads();
  const known = Object.keys(heads).toSorted();
  const sources = asked.sources ?? known;
  checkSources(sources, known);
  const { types, key, from } = asked;
  const question = [asked.route, sources, types, key, from].map((part) => part ?? null);
  const start = cursor === undefined ? undefined : (afterOf(kit.cursorSecret, question, cursor) as PageStart);
  const { events, next } = await eventPage(kit, { sources, types, key, from, start, limit });
  return {
    status: 200,
    body: {
      items: events.map(itemOf),
      next: next === null ? null : cursorOf(kit.cursorSecret, question, next),
      asOf: Object.fromEntries(sources.map((source) => [source, heads[source]?.relayed ?? 0])),
    },
  };
};

/** @throws NOT_FOUND */
export const checkSources = (asked: readonly string[], known: readonly string[]): void => {
  if (!asked.every((source) => known.includes(source)))
    throw new TenureError('NOT_FOUND', `There is no such source; there are ${known.join(', ')}.`, {
      sources: known,
    });
};

/** Personal values stay closed: operators see that something is there, not what. */
const shown = (event: DecodedEvent): z.infer<typeof Event> => ({
  eventId: event.id,
  type: event.type,
  source: event.source,
  stream: event.stream,
  revision: event.revision,
  position: event.position,
  key: event.key,
  occurredAt: formatInstant(event.occurredAt),
  recordedAt: formatInstant(event.recordedAt),
  actor: event.meta.actor,
  data: closedValues(event.data) as Record<string, unknown>,
});

const jobOf = (event: DecodedEvent): object => ({
  type: event.type,
  at: formatInstant(event.occurredAt),
  by: event.meta.actor,
  data: event.data,
});
