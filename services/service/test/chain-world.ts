// The desk with everything that stands between its parts: store, relay, log, reactions, deadlines, lists. It can die
// before or after any command that a process or a timer issues; what is durable outlives it.
import { createSecretKey } from 'node:crypto';
import { addDays, dateAt, settableClock, startOfDate, type SettableClock } from '@tenure/core';
import { createCodec } from '@tenure/events';
import {
  memoryCheckpoints,
  memoryEventLog,
  memoryLogData,
  type MemoryLogData,
} from '@tenure/event-log/memory';
import { startRelay, type RelayCheckpoints } from '@tenure/event-log/relay';
import { memoryEventStore, type EventStore } from '@tenure/event-store';
import { memoryKeyStore, type KeyStore } from '@tenure/keys';
import { createProjectionReader, startProjections } from '@tenure/projections';
import { openMemoryReadModels } from '@tenure/read-models/memory';
import {
  createCommandBus,
  createContextSources,
  deadlinesProjection,
  lookupsOver,
  readModelCheckpoints,
  runDeadlines,
  startReactions,
  type Caller,
  type CommandBus,
  type CommandRequest,
} from '@tenure/service-kit';
import { idOf } from '@tenure/testing';
import { serviceService } from '../src/service.ts';
import { policies } from './shipped.ts';

const PARTITIONS = 2;
const ZONE = 'UTC';
const PATIENCE_MS = 15_000; // what has not happened by then never will

export const caseId = idOf('chain case');
export const customerId = idOf('chain customer');

export type Durable = {
  readonly store: EventStore;
  readonly lanes: MemoryLogData;
  readonly checkpoints: RelayCheckpoints;
  readonly readModels: ReturnType<typeof openMemoryReadModels>;
  readonly keys: KeyStore;
  readonly clock: SettableClock;
  /** Days that have closed, as the clock's stream would have them. */
  readonly closed: string[];
};

export const durable = (now: number): Durable => ({
  store: memoryEventStore(),
  lanes: memoryLogData(PARTITIONS),
  checkpoints: memoryCheckpoints(),
  readModels: openMemoryReadModels(),
  keys: memoryKeyStore((size) => new Uint8Array(size).fill(5), now),
  clock: settableClock(now),
  closed: [],
});

/** The n-th issued command is the last: it is never sent, or nobody hears of its answer. */
export type Death = { readonly at: number; readonly when: 'before' | 'after' };

export class Died extends Error {}

const codec = createCodec();
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const due = deadlinesProjection(serviceService, { policies, zone: ZONE });
const definitions = [
  ...serviceService.aggregates.flatMap(({ list }) => list ?? []),
  ...(serviceService.lookups ?? []),
  ...(due === null ? [] : [due]),
].map((definition) => ({ definition, codeHash: 'code-1' }));
const pepper = createSecretKey(Buffer.alloc(32, 1));

/** Counts what is issued and dies where it is told to: a promise that nobody will ever keep. */
const mortal = (submit: CommandBus['submit'], death: Death | null) => {
  const died = Promise.withResolvers<never>();
  died.promise.catch(() => {}); // whoever waits hears of it
  let issued = 0;
  const end = (): Promise<never> => {
    died.reject(new Died());
    return new Promise(() => {});
  };
  return {
    died: died.promise,
    issued: () => issued,
    async submit(request: CommandRequest) {
      const last = ++issued === death?.at;
      if (!last) return submit(request);
      if (death?.when === 'after') await submit(request).catch(() => {}); // a refusal is an answer too
      return end();
    },
  };
};

/** Starts all parts over what is durable. */
export const startChain = async (over: Durable, death: Death | null = null) => {
  const { store, lanes, readModels, keys, clock } = over;
  const log = memoryEventLog(lanes);
  const relay = await startRelay({
    ...{ source: 'service', store, log, checkpoints: over.checkpoints, broadcast: false },
    checkpointEveryMs: 1, // a watermark moves with the checkpoint: deadlines wait for it
    clock: { now: () => performance.now() },
  });
  relay.ended.catch(() => {});
  const reader = await createProjectionReader({ readModels, projections: definitions });
  const projections = await startProjections({
    ...{ log, readModels, codec, keys, definitions, clock },
    searchHashes: () => [],
    onProgress: (progress) => void reader.advance(progress),
  });
  const lookups = lookupsOver([serviceService], reader);
  const bus = createCommandBus({
    ...{ services: [serviceService], stores: () => store, codec, keys, policies, lookups, clock },
    ...{ wallClock: clock, zone: ZONE, sleep: turn },
    secrets: { pepper, bodyKey: createSecretKey(Buffer.alloc(32, 2)) },
  });
  const { submit, died, issued } = mortal((request) => bus.submit(request), death);
  const sources = createContextSources({
    ...{ services: [serviceService], stores: () => store, codec, keys, policies, lookups, pepper },
  });
  const reactions = await startReactions({
    ...{ service: serviceService, log, codec, policies, zone: ZONE, reader, submit },
    sources: sources('service'),
    checkpoints: await readModelCheckpoints(readModels, 'service', { partitions: PARTITIONS, now: 0 }),
    now: () => 0,
  });
  const deadlines = runDeadlines({
    ...{ service: serviceService, reader, submit, zone: ZONE },
    clock: { now: () => Number.NEGATIVE_INFINITY }, // the test fires
    heads: async () => ({ service: (await store.head()).position }),
    pause: (_, signal) => new Promise((done) => signal.addEventListener('abort', () => done())),
    advanceTo: (instant) => clock.set(instant),
  });

  const settled = async (): Promise<void> => {
    const patience = performance.now() + PATIENCE_MS;
    while (performance.now() < patience) {
      const { position, events } = await store.head();
      const places = await Promise.all(
        Array.from({ length: PARTITIONS }, async (_, partition) => {
          const lane = { source: 'service', partition };
          return { ...lane, seq: await log.head(lane) };
        }),
      );
      if (places.reduce((sum, { seq }) => sum + seq, 0) >= events) {
        await reactions.reached(places, AbortSignal.timeout(PATIENCE_MS));
        if ((await store.head()).position === position) return;
      }
      await turn();
    }
    throw new Error('the desk does not come to rest');
  };

  const orDeath = <T>(work: Promise<T>): Promise<T> => Promise.race([work, died]);

  return {
    issued,
    parked: () => reactions.parked(),
    lookups: lookups('service'),
    settle: () => orDeath(settled()),
    /** A person's command on the case; waits for everything that follows. */
    async send(command: string, body: object = {}, key = command): Promise<void> {
      await bus.submit(personal(command, body, key));
      await orDeath(settled());
    },
    /** Closes days up to this one: what is due fires in the order of its time, then the day closes. */
    async close(day: string): Promise<void> {
      const last = over.closed.at(-1);
      const first = last === undefined ? dateAt(clock.now(), ZONE) : addDays(last, 1);
      for (let next = first; next <= day; next = addDays(next, 1)) {
        const end = startOfDate(addDays(next, 1), ZONE);
        // What one deadline causes may be due that day as well: as long as something fires, look again.
        for (let fired = 1; fired > 0;) {
          fired = await orDeath(deadlines.fireUntil(end));
          await orDeath(settled());
        }
        clock.set(end);
        await orDeath(deadlines.fireDay(next));
        await orDeath(settled());
        over.closed.push(next);
      }
    },
    /** Stops what can be stopped: after a death, one part hangs for ever. */
    async end(): Promise<void> {
      await Promise.race([reactions.stop(), died.catch(() => {})]);
      void deadlines.stop();
      await projections.stop();
      await relay.stop();
      await reader.close();
    },
  };
};

const caller: Caller = {
  sub: 'ann',
  roles: ['supervisor'],
  teams: [],
  actor: { kind: 'user', id: 'ann' },
};

const personal = (command: string, body: object, key: string): CommandRequest => ({
  ...{ service: 'service', aggregate: 'case', caller, principal: 'ann', key, ifMatch: '*' },
  ...{ backfill: false, reactions: false },
  steps: [{ command, body: command === 'OpenCase' ? { caseId, customerId, ...body } : body }],
  route: command === 'OpenCase' ? '/api/cases' : `/api/cases/{id}/${command}`,
  ...(command !== 'OpenCase' && { id: caseId }),
});

/** What was written, without what a redelivery may change. */
export const written = async ({ store }: Durable) =>
  (await store.readAll(0, 1_000)).map((stored) => {
    const { id, type, revision, occurredAt, meta, data } = codec.decode('service', stored);
    const { caseId: _, subject: __, question: ___, ...said } = data as Record<string, unknown>;
    return { id, type, revision, at: new Date(occurredAt).toISOString(), by: meta.actor.kind, said };
  });
