// What runs, how far everything is, and the heads that other services use instead of a store that is not theirs.
import { route, type RouteSpec } from '@tenure/http';
import { z } from 'zod';
import type { OperationsPorts } from '../ports.ts';

const Head = z.object({
  head: z.int(),
  events: z.int(),
  relayed: z.int(),
  backlogEvents: z.int(),
  lanes: z.array(z.int()),
});

const Projection = z.object({
  generation: z.int().nullable(),
  state: z.string(),
  stale: z.boolean(),
  lagEvents: z.int(),
  lagSeconds: z.number(),
  documents: z.int(),
  parked: z.int(),
  digest: z.string().nullable(),
  day: z.string().nullable(),
});

const Status = z.object({
  version: z.string(),
  ready: z.boolean(),
  degraded: z.array(z.object({ projection: z.string(), parked: z.int() })),
  businessDay: z.string().nullable(),
  customers: z.int(),
  events: z.record(z.string(), z.int()),
  services: z.record(z.string(), Head.omit({ lanes: true })),
  projections: z.record(z.string(), Projection),
  /** Reactions of services, and what is told of projections. */
  processes: z.record(z.string(), z.object({ lagEvents: z.int() })),
});

/** `GET /ops/status` and `GET /ops/head`. */
export const statusRoutes = (ports: OperationsPorts): readonly RouteSpec[] => [
  route({
    method: 'GET',
    path: '/ops/status',
    summary: 'Services, stores, log and projections at a glance',
    tag: 'operations',
    access: { rights: ['ops-read'] },
    responses: { 200: { description: 'How everything stands', schema: Status } },
    handle: async () => ({ status: 200, body: await statusOf(ports) }),
  }),
  route({
    method: 'GET',
    path: '/ops/head',
    summary: 'Per source: the head of its store and what of it is in the log',
    tag: 'operations',
    access: { rights: ['ops-read', 'ops-head'] },
    responses: { 200: { description: 'Heads by source', schema: z.record(z.string(), Head) } },
    handle: async () => ({ status: 200, body: await ports.heads() }),
  }),
];

const statusOf = async (ports: OperationsPorts): Promise<z.infer<typeof Status>> => {
  const [readiness, heads, processes] = await Promise.all([
    ports.readiness(),
    ports.heads(),
    ports.processes(),
  ]);
  // After the processes: what they have written by then is counted as lag here.
  const projections = await ports.control.status();
  // Counted after the lags were measured: where they are 0, the counts are complete.
  const [events, customers] = await Promise.all([ports.eventCounts(), ports.customers()]);
  return {
    version: ports.version,
    ready: readiness.ready,
    degraded: [...readiness.degraded],
    businessDay: ports.clock.businessDay(),
    customers,
    events: { ...events },
    services: Object.fromEntries(
      Object.entries(heads).map(([source, { lanes: _lanes, ...head }]) => [source, head]),
    ),
    projections: Object.fromEntries(projections.map(({ name, ...projection }) => [name, projection])),
    processes,
  };
};
