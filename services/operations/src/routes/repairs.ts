// Verify against the log, heal single customers, release parked ones.
import { route, type RouteSpec } from '@tenure/http';
import { z } from 'zod';
import type { OperationsPorts } from '../ports.ts';
import { Wait } from './replays.ts';

const Verification = z.object({
  id: z.string(),
  projection: z.string(),
  state: z.string(),
  checked: z.int(),
  differences: z.array(z.object({ key: z.string(), paths: z.array(z.string()) })),
  digest: z.string().nullable(),
  day: z.string().nullable(),
  error: z.string().nullable(),
});

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
  since: z.int(),
});

const Keys = z.array(z.string().min(1).max(200)).min(1).max(1000);

/** `/ops/verify`, `/ops/heal` and `/ops/parked`. */
export const repairRoutes = (ports: OperationsPorts): readonly RouteSpec[] => [
  route({
    method: 'POST',
    path: '/ops/verify',
    summary: 'Fold documents anew from the log and compare them with what is stored',
    tag: 'operations',
    access: { rights: ['replay'] },
    body: z.strictObject({ projection: z.string(), full: z.boolean().default(false), keys: Keys.optional() }),
    responses: { 202: { description: 'It runs', schema: Verification } },
    handle: async ({ body: { keys, ...request } }) => {
      const status = await ports.control.verify(keys === undefined ? request : { ...request, keys });
      return { status: 202, body: status, headers: { Location: `/ops/verify/${status.id}` } };
    },
  }),
  route({
    method: 'GET',
    path: '/ops/verify/{id}',
    summary: 'A verification; with wait, answered at its next change',
    tag: 'operations',
    access: { rights: ['ops-read'] },
    params: z.object({ id: z.string() }),
    query: z.object({ wait: Wait }),
    responses: { 200: { description: 'The verification', schema: Verification } },
    handle: async ({ params, query }) => ({
      status: 200,
      body: await ports.control.verification(params.id, query.wait * 1000),
    }),
  }),
  route({
    method: 'POST',
    path: '/ops/heal',
    summary: 'Write documents anew from the log',
    tag: 'operations',
    access: { rights: ['heal'] },
    body: z.strictObject({ projection: z.string(), keys: Keys }),
    responses: {
      200: {
        description: 'Which documents were different before',
        schema: z.object({ healed: z.array(z.object({ key: z.string(), changed: z.boolean() })) }),
      },
    },
    handle: async ({ body }) => ({
      status: 200,
      body: { healed: await ports.control.heal(body.projection, body.keys) },
    }),
  }),
  ...parkedRoutes(ports),
];

const Released = z.object({ released: z.array(z.string()) });

const parkedRoutes = (ports: OperationsPorts): readonly RouteSpec[] => [
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
      const items = rows.filter(
        (row) =>
          (query.class ?? row.class) === row.class &&
          (query.key ?? row.key) === row.key &&
          row.skipped === null,
      );
      return { status: 200, body: { items, next: null } };
    },
  }),
  route({
    method: 'POST',
    path: '/ops/parked/{projection}/retry',
    summary: 'Fold all parked customers of a class again',
    tag: 'operations',
    access: { rights: ['heal'] },
    params: z.object({ projection: z.string() }),
    query: z.object({ class: z.string().optional() }),
    responses: { 200: { description: 'Who flows again', schema: Released } },
    handle: async ({ params, query }) => ({
      status: 200,
      body: {
        released: await ports.control.retry(
          params.projection,
          query.class === undefined ? {} : { class: query.class },
        ),
      },
    }),
  }),
  route({
    method: 'POST',
    path: '/ops/parked/{projection}/{key}/retry',
    summary: 'Fold a parked customer again',
    tag: 'operations',
    access: { rights: ['heal'] },
    params: z.object({ projection: z.string(), key: z.string() }),
    responses: { 200: { description: 'Who flows again', schema: Released } },
    handle: async ({ params }) => ({
      status: 200,
      body: { released: await ports.control.retry(params.projection, { key: params.key }) },
    }),
  }),
  route({
    method: 'POST',
    path: '/ops/parked/{projection}/{key}/skip',
    summary: 'Release a parked customer without the event that cannot be folded; the reason is kept',
    tag: 'operations',
    access: { rights: ['skip'] },
    params: z.object({ projection: z.string(), key: z.string() }),
    body: z.strictObject({ reason: z.string().min(1).max(4000) }),
    responses: { 200: { description: 'Released', schema: z.object({}) } },
    handle: async ({ params, body }) => {
      await ports.control.skip(params.projection, params.key, body.reason);
      return { status: 200, body: {} };
    },
  }),
];
