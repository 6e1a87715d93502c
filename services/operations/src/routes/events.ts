// The event explorer, the jobs and the audit: pages of the log, personal values closed.
import { formatInstant } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import {
  afterOf,
  AsOf,
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
import { ShownEvent, shown } from './shown-event.ts';
import { eventPage, type EventQuery, type PageStart } from '../event-pages.ts';
import { JOBS } from '../jobs.ts';
import type { OperationsPorts } from '../ports.ts';
import { checkSources } from './known-sources.ts';
import { liveEvents, recentHeads, wantsStream } from './live-events.ts';
import { oneEvent } from './one-event.ts';

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
  oneEvent(ports),
  jobs(ports),
  audit(ports),
];

const explorer = (ports: OperationsPorts): RouteSpec => {
  const heads = recentHeads(ports.heads);
  return route({
    method: 'GET',
    path: '/ops/events',
    summary: 'Events of some or all sources, newest first; personal values stay closed',
    description:
      'With `Accept: text/event-stream` a live stream: everything that comes into the log, as `event: event`; with `from` what was recorded since then comes first. `Last-Event-ID` goes on where a reader was.',
    headers: ['Accept', 'Last-Event-ID'],
    tag: 'operations',
    access: { rights: ['ops-read'] },
    query: z.object({
      source: Texts.optional(),
      type: Texts.optional(),
      key: z.string().max(200).optional(),
      from: InstantParameter.optional(),
      ...PageQuery,
    }),
    responses: { 200: { description: 'Events, recorded at `from` or later.', schema: pageOf(ShownEvent) } },
    handle: async (request, kit) => {
      const { source, type, ...query } = request.query;
      return wantsStream(request.headers)
        ? liveEvents(heads, request, kit)
        : pageAnswer(ports, kit, { ...query, route: '/ops/events', sources: source, types: type }, shown);
    },
  });
};

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
    responses: { 200: { description: 'Entries', schema: pageOf(ShownEvent) } },
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

const jobOf = (event: DecodedEvent): object => ({
  type: event.type,
  at: formatInstant(event.occurredAt),
  by: event.meta.actor,
  data: event.data,
});
