// Replays and generations: start one, watch it, switch, go back, retire.
import { formatInstant, TenureError } from '@tenure/core';
import { Instant, route, type RouteRequest, type RouteSpec } from '@tenure/http';
import type { GenerationInfo } from '@tenure/read-models';
import { z } from 'zod';
import { activeGeneration, recordReplay, recordSwap } from '../jobs.ts';
import { recordAct } from './act.ts';
import type { OperationsPorts } from '../ports.ts';

const Verified = z.object({ keys: z.int(), differences: z.int() }).nullable();

const Replay = z.object({
  id: z.string(),
  projection: z.string(),
  generation: z.int(),
  activate: z.boolean(),
  state: z.string(),
  events: z.int(),
  done: z.int(),
  rate: z.number(),
  etaSeconds: z.number().nullable(),
  digest: z.string().nullable(),
  day: z.string().nullable(),
  verified: Verified,
  error: z.string().nullable(),
});

const Generation = z.object({
  model: z.string(),
  generation: z.int(),
  state: z.string(),
  codeHash: z.string(),
  version: z.int(),
  partitions: z.int(),
  createdAt: Instant,
  changedAt: Instant,
  verified: Verified,
  error: z.string().nullable(),
});

const shown = (info: GenerationInfo): z.infer<typeof Generation> => ({
  ...info,
  createdAt: formatInstant(info.createdAt),
  changedAt: formatInstant(info.changedAt),
});

/** Longest wait of one request, s: below what proxies cut off. */
export const Wait = z
  .string()
  .regex(/^\d{1,2}$/, 'must be seconds')
  .transform(Number)
  .refine((seconds) => seconds <= 25, 'must be at most 25')
  .default(0);

const replayOf = (id: string): string => `/ops/replays/${id}`;

/** `/ops/replays` and `/ops/generations`. */
export const replayRoutes = (ports: OperationsPorts): readonly RouteSpec[] => [
  startReplay(ports),
  route({
    method: 'GET',
    path: '/ops/replays',
    summary: 'Replays that run or have run since the start, newest first',
    tag: 'operations',
    access: { rights: ['ops-read'] },
    responses: {
      200: { description: 'Replays', schema: z.object({ items: z.array(Replay), next: z.null() }) },
    },
    handle: async () => ({ status: 200, body: { items: await ports.control.replays(), next: null } }),
  }),
  route({
    method: 'GET',
    path: '/ops/replays/{id}',
    summary: 'One replay; with wait, answered at its next change',
    tag: 'operations',
    access: { rights: ['ops-read'] },
    params: z.object({ id: z.string() }),
    query: z.object({ wait: Wait }),
    responses: { 200: { description: 'The replay', schema: Replay } },
    handle: async ({ params, query }) => ({
      status: 200,
      body: await ports.control.replay(params.id, query.wait * 1000),
    }),
  }),
  route({
    method: 'GET',
    path: '/ops/generations/{projection}',
    summary: 'The generations of a projection',
    tag: 'operations',
    access: { rights: ['ops-read'] },
    params: z.object({ projection: z.string() }),
    responses: {
      200: { description: 'Generations', schema: z.object({ items: z.array(Generation), next: z.null() }) },
    },
    handle: async ({ params }) => {
      const generations = await ports.control.generations(params.projection);
      return { status: 200, body: { items: generations.map(shown), next: null } };
    },
  }),
  switchTo(ports, 'activate', 'Make a verified build the active generation'),
  switchTo(ports, 'rollback', 'Make the standby generation active again'),
  retire(ports),
];

const startReplay = (ports: OperationsPorts): RouteSpec =>
  route({
    method: 'POST',
    path: '/ops/replays',
    summary: 'Start a new generation of a projection from the log',
    tag: 'operations',
    access: { rights: ['replay'] },
    body: z.strictObject({ projection: z.string(), activate: z.boolean().default(false) }),
    responses: { 202: { description: 'It runs', schema: Replay } },
    problems: ['REPLAY_RUNNING'],
    handle: async (request, kit) => {
      const { body, principal } = request;
      const started = await ports.control.startReplay(body);
      await recordAct(kit, request, 'POST /ops/replays', `replay ${body.projection}`);
      const { ended } = await recordReplay(ports, started, principal.actor);
      // The replay itself tells how it ended; without its record only the history of jobs lacks a line.
      ended.catch(() => undefined);
      return { status: 202, body: started, headers: { Location: replayOf(started.id) } };
    },
  });

const GenerationParams = z.object({
  projection: z.string(),
  generation: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a number')
    .transform(Number),
});
type GenerationRequest = RouteRequest<{ params: typeof GenerationParams }>;

const pathOf = (verb: string): string => `/ops/generations/{projection}/{generation}/${verb}`;

const switchTo = (ports: OperationsPorts, verb: 'activate' | 'rollback', summary: string): RouteSpec =>
  route({
    method: 'POST',
    path: pathOf(verb),
    summary,
    tag: 'operations',
    access: { rights: ['activate'] },
    params: GenerationParams,
    responses: { 200: { description: 'It is active', schema: Generation } },
    handle: async (request: GenerationRequest, kit) => {
      const { projection, generation } = request.params;
      const from = await activeGeneration(ports, projection);
      const active = await ports.control[verb](projection, generation);
      await recordAct(kit, request, `POST ${pathOf(verb)}`, `${verb} ${projection} ${generation}`);
      await recordSwap(ports, { projection, from, to: generation }, request.principal.actor);
      return { status: 200, body: shown(active) };
    },
  });

const retire = (ports: OperationsPorts): RouteSpec =>
  route({
    method: 'POST',
    path: pathOf('retire'),
    summary: 'Remove the store of a generation that is not active',
    tag: 'operations',
    access: { rights: ['activate'] },
    params: GenerationParams,
    responses: { 200: { description: 'It is gone', schema: z.object({}) } },
    handle: async (request: GenerationRequest, kit) => {
      const { projection, generation } = request.params;
      const known = (await ports.control.generations(projection)).some(
        (one) => one.generation === generation,
      );
      if (!known) throw new TenureError('NOT_FOUND', `${projection} has no generation ${generation}.`);
      await ports.control.retire(projection, generation);
      await recordAct(kit, request, `POST ${pathOf('retire')}`, `retire ${projection} ${generation}`);
      return { status: 200, body: {} };
    },
  });
