// Parked customers: list them, fold them again, release them without what cannot be folded.
import { formatInstant } from '@tenure/core';
import { Instant, route, type RouteSpec } from '@tenure/http';
import { z } from 'zod';
import type { OperationsPorts } from '../ports.ts';
import { recordAct } from './act.ts';

const Parked = z.object({
  projection: z.string(),
  generation: z.int(),
  key: z.string(),
  class: z.string(),
  message: z.string(),
  firstPosition: z.int(),
  lastPosition: z.int(),
  events: z.int(),
  attempts: z.int(),
  since: Instant,
});
const Released = z.object({ released: z.array(z.string()) });
const Customer = z.object({ projection: z.string(), key: z.string() });

/** `/ops/parked`. */
export const parkedRoutes = (ports: OperationsPorts): readonly RouteSpec[] => [
  listParked(ports),
  retryMany(ports),
  retryOne(ports),
  skip(ports),
];

const retryMany = (ports: OperationsPorts): RouteSpec =>
  route({
    method: 'POST',
    path: '/ops/parked/{projection}/retry',
    summary: 'Fold all parked customers of a class again',
    tag: 'operations',
    access: { rights: ['heal'] },
    params: z.object({ projection: z.string() }),
    query: z.object({ class: z.string().optional() }),
    responses: { 200: { description: 'Who flows again', schema: Released } },
    handle: async (request, kit) => {
      const { projection } = request.params;
      const { class: name } = request.query;
      const released = await ports.control.retry(projection, name === undefined ? {} : { class: name });
      const act = `retry ${projection}: ${released.length} customers`;
      await recordAct(kit, request, 'POST /ops/parked/{projection}/retry', act);
      return { status: 200, body: { released } };
    },
  });

const retryOne = (ports: OperationsPorts): RouteSpec =>
  route({
    method: 'POST',
    path: '/ops/parked/{projection}/{key}/retry',
    summary: 'Fold a parked customer again',
    tag: 'operations',
    access: { rights: ['heal'] },
    params: Customer,
    responses: { 200: { description: 'Who flows again', schema: Released } },
    handle: async (request, kit) => {
      const { projection, key } = request.params;
      const released = await ports.control.retry(projection, { key });
      await recordAct(
        kit,
        request,
        'POST /ops/parked/{projection}/{key}/retry',
        `retry ${projection} ${key}`,
      );
      return { status: 200, body: { released } };
    },
  });

const skip = (ports: OperationsPorts): RouteSpec =>
  route({
    method: 'POST',
    path: '/ops/parked/{projection}/{key}/skip',
    summary: 'Release a parked customer without the event that cannot be folded; the reason is kept',
    tag: 'operations',
    access: { rights: ['skip'] },
    params: Customer,
    body: z.strictObject({ reason: z.string().min(1).max(4000) }),
    responses: { 200: { description: 'Released', schema: z.object({}) } },
    handle: async (request, kit) => {
      const { projection, key } = request.params;
      await ports.control.skip(projection, key, request.body.reason);
      await recordAct(kit, request, 'POST /ops/parked/{projection}/{key}/skip', `skip ${projection} ${key}`);
      return { status: 200, body: {} };
    },
  });

const listParked = (ports: OperationsPorts): RouteSpec =>
  route({
    method: 'GET',
    path: '/ops/parked',
    summary: 'Customers that stand still because an event could not be folded',
    tag: 'operations',
    access: { rights: ['ops-read'] },
    query: z.object({
      projection: z.string().optional(),
      class: z.string().optional(),
      key: z.string().optional(),
    }),
    responses: {
      200: { description: 'Parked customers', schema: z.object({ items: z.array(Parked), next: z.null() }) },
    },
    handle: async ({ query }) => {
      const rows = await ports.control.parked(query.projection);
      const items = rows
        .filter(
          (row) =>
            row.skipped === null &&
            (query.class ?? row.class) === row.class &&
            (query.key ?? row.key) === row.key,
        )
        .map(({ skipped: _skipped, partition: _partition, ...row }) => ({
          ...row,
          since: formatInstant(row.since),
        }));
      return { status: 200, body: { items, next: null } };
    },
  });
