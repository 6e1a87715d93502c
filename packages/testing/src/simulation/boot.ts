// What runs in the process of the simulation: all the real parts, over ports under the faults of a life.
import { createSecretKey } from 'node:crypto';
import type { EventLog } from '@tenure/event-log';
import { startRelay } from '@tenure/event-log/relay';
import type { EventStore } from '@tenure/event-store';
import { memoryKeyStore } from '@tenure/keys';
import {
  createProjectionReader,
  startProjections,
  type MovingReader,
  type Projections,
} from '@tenure/projections';
import type { ReadModels } from '@tenure/read-models';
import {
  createCommandBus,
  createContextSources,
  readModelCheckpoints,
  runDeadlines,
  startReactions,
  type CommandBus,
  type Lookups,
  type RunningDeadlines,
} from '@tenure/service-kit';
import type { Life } from '../faults.ts';
import { faulty, faultyEventLog, faultyEventStore, faultyReadModels } from '../faulty-ports.ts';
import { closeDays } from './close-days.ts';
import { SOURCE } from './counter.ts';
import type { Boot, Outside } from './deployment.ts';
import { CLOCK } from './durable.ts';
import { jsonCodec } from './json-codec.ts';
import { counterService, definitions, policies } from './service.ts';
import { businessTime, ZONE } from './time.ts';

// A relay that saves often gives a power cut less to take back; one that saves rarely sends more again: both must do.
const CHECKPOINT_MS = [5, 100, 2_000] as const;

/** Two instances that are scaled out both issue what is due. */
const TWINS = 0.3;

export type Parts = {
  /** Two instances of the write service over one store, as when it is scaled out: each remembers streams of its own. */
  readonly buses: readonly CommandBus[];
  readonly projections: Projections;
  readonly reader: MovingReader;
};

type Ports = {
  readonly store: (source: string) => EventStore;
  readonly log: EventLog;
  readonly readModels: ReadModels;
};

const pauseOf =
  ({ scheduler, name }: Life) =>
  (ms: number, signal: AbortSignal): Promise<void> =>
    scheduler.sleep(ms, signal, `${name} pause`);

const portsOf = (outside: Outside, life: Life): Ports => ({
  store: (source) => faultyEventStore(outside.store(source), life),
  log: faultyEventLog(outside.log, life),
  readModels: faultyReadModels(outside.readModels.open(), life),
});

/** Starts everything. */
export const boot: Boot<Parts> = async (outside, { life, relays }, fail) => {
  const { clock } = life.scheduler;
  const pause = pauseOf(life);
  const ports = portsOf(outside, life);
  const { log, readModels, store } = ports;
  await relay(outside, relays, fail);
  const buses = [busOver(store(SOURCE), life), busOver(store(SOURCE), life)];
  const reader = await createProjectionReader({
    readModels,
    projections: definitions,
    timer: timerOf(life),
  });
  const projections = await startProjections({
    ...{ log, readModels, definitions, clock, pause },
    codec: jsonCodec,
    keys: { load: async () => new Map() },
    searchHashes: () => [],
    onProgress: (progress) => void reader.advance(progress),
    onAlarm: ({ code, detail }) => life.scheduler.note(`${life.name} ALARM ${code}: ${detail}`),
  });
  const submit: CommandBus['submit'] = (request) => life.scheduler.random.pick(buses).submit(request);
  await react(ports, life, { submit, reader }, fail);
  const deadlines = remind(ports, life, reader, submit);
  if (life.scheduler.random.chance(TWINS)) remind(ports, life, reader, submit);
  await closeDays(store(CLOCK), life, { deadlines, codec: jsonCodec, clock: businessTime(clock) });
  return { buses, projections, reader };
};

const relay = async (outside: Outside, life: Life, fail: (error: unknown) => void): Promise<void> => {
  const { store, log } = portsOf(outside, life);
  for (const source of outside.sources) {
    const started = await startRelay({
      source,
      store: store(source),
      log,
      checkpoints: faulty(outside.checkpoints, 'checkpoints', life),
      checkpointEveryMs: life.scheduler.random.pick(CHECKPOINT_MS),
      broadcast: source === CLOCK,
      pause: pauseOf(life),
      clock: life.scheduler.clock,
    });
    started.ended.catch(fail);
  }
};

const react = async (
  { log, readModels, store }: Ports,
  life: Life,
  { submit, reader }: { readonly submit: CommandBus['submit']; readonly reader: MovingReader },
  fail: (error: unknown) => void,
): Promise<void> => {
  const { now } = life.scheduler.clock;
  const about = { partitions: log.partitions, now: now() };
  const checkpoints = await readModelCheckpoints(readModels, SOURCE, about);
  const codec = jsonCodec;
  const sources = createContextSources({
    ...{ services: [counterService], stores: store, codec, policies, pepper: PEPPER },
    ...{ lookups: () => noTables, keys: { load: async () => new Map() } },
  });
  const running = await startReactions({
    ...{ service: counterService, log, codec, policies, submit, checkpoints, now, reader, zone: ZONE },
    sources: sources(SOURCE),
    pause: pauseOf(life),
  });
  running.ended.catch(fail);
};

const remind = (
  { store }: Ports,
  life: Life,
  reader: MovingReader,
  submit: CommandBus['submit'],
): RunningDeadlines =>
  runDeadlines({
    service: counterService,
    reader,
    submit,
    clock: businessTime(life.scheduler.clock),
    zone: ZONE,
    heads: async () => ({ [SOURCE]: (await store(SOURCE).head()).position }),
    pause: pauseOf(life),
  });

const timerOf =
  ({ scheduler, name }: Life) =>
  (ms: number, done: () => void): (() => void) => {
    const cancelled = new AbortController();
    const wait = async (): Promise<void> => {
      await scheduler.sleep(ms, cancelled.signal, `${name} timer`);
      if (!cancelled.signal.aborted) done();
    };
    void wait();
    return () => cancelled.abort();
  };

const noTables: Lookups = {
  get: async () => undefined,
  search: async () => [],
  entries: async () => [],
  query: async () => [],
  count: async () => 0,
};

const PEPPER = createSecretKey(Buffer.alloc(32, 1));

const busOver = (store: EventStore, { scheduler }: Life): CommandBus => {
  const clock = businessTime(scheduler.clock);
  return createCommandBus({
    services: [counterService],
    stores: () => store,
    codec: jsonCodec,
    keys: memoryKeyStore((size) => new Uint8Array(size).fill(7), 0),
    policies,
    lookups: () => noTables,
    clock,
    wallClock: clock,
    zone: ZONE,
    secrets: {
      pepper: PEPPER,
      bodyKey: createSecretKey(Buffer.alloc(32, 2)),
    },
    sleep: (ms) => scheduler.sleep(ms, undefined, 'in flight'),
  });
};
