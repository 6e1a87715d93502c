// Verify against the log, heal single customers, release parked ones.
import { route, type RouteSpec } from '@tenure/http';
import { z } from 'zod';
import type { OperationsPorts } from '../ports.ts';
import { recordAct } from './act.ts';
import { parkedRoutes } from './parked.ts';
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
    handle: async (request, kit) => {
      const { projection, keys } = request.body;
      const healed = await ports.control.heal(projection, keys);
      await recordAct(kit, request, 'POST /ops/heal', `heal ${projection}: ${keys.length} customers`);
      return { status: 200, body: { healed } };
    },
  }),
  ...parkedRoutes(ports),
];
