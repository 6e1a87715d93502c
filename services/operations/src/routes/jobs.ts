// What was run on this platform: replays and imports, newest first.
import { formatInstant } from '@tenure/core';
import { route, type RouteSpec } from '@tenure/http';
import { z } from 'zod';
import { eventPage } from '../event-pages.ts';

const JOBS: ReadonlySet<string> = new Set([
  'ReplayStarted',
  'ReplayCompleted',
  'ProjectionSwapped',
  'ImportRunCompleted',
]);

const Job = z.object({
  type: z.string(),
  at: z.string(),
  by: z.object({ kind: z.string(), id: z.string() }),
  data: z.record(z.string(), z.unknown()),
});

/** `GET /ops/jobs`. */
export const jobRoutes: readonly RouteSpec[] = [
  route({
    method: 'GET',
    path: '/ops/jobs',
    summary: 'Replays, swaps and imports, newest first',
    tag: 'operations',
    access: { rights: ['ops-read'] },
    query: z.object({
      from: z.string().regex(/^\d+$/, 'must be the next of the page before').optional(),
      limit: z.coerce.number().int().min(1).max(500).default(50),
    }),
    responses: {
      200: { description: 'Jobs', schema: z.object({ items: z.array(Job), next: z.string().nullable() }) },
    },
    handle: async ({ query }, kit) => {
      const before = query.from === undefined ? undefined : Number(query.from);
      const { events, next } = await eventPage(kit, {
        source: 'ops',
        type: undefined,
        key: undefined,
        before,
        limit: query.limit,
      });
      const items = events
        .filter(({ type }) => JOBS.has(type))
        .map((event) => ({
          type: event.type,
          at: formatInstant(event.occurredAt),
          by: event.meta.actor,
          data: event.data,
        }));
      return { status: 200, body: { items, next: next === null ? null : String(next) } };
    },
  }),
];
