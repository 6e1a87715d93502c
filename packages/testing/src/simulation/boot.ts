// What runs in the process of the simulation: all the real parts, over ports under the faults of a life.
import { createSecretKey } from 'node:crypto';
import type { EventLog } from '@tenure/event-log';
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
import { faultyEventLog, faultyEventStore, faultyReadModels } from '../faulty-ports.ts';
import { pauseOf, startRelays, timerOf, TWINS } from './boot-parts.ts';
import { closeDays } from './close-days.ts';
import { SOURCE } from './counter.ts';
import type { Boot, Outside } from './deployment.ts';
import { CLOCK } from './durable.ts';
import { jsonCodec } from './json-codec.ts';
import { counterService, definitions, policies } from './service.ts';
import { businessTime, ZONE } from './time.ts';

export type Parts = {
  /** Two instances of the write service over one store, as when it is scaled out: each remembers streams of its own. */
  readonly buses: readonly CommandBus[];
  readonly projections: Projections;
  readonly reader: MovingReader;
};

type Ports = {
  readonly stores: (source: string) => EventStore;
  readonly log: EventLog;
  readonly readModels: ReadModels;
};

const portsOf = (outside: Outside, life: Life): Ports => ({
  stores: (source) => faultyEventStore(outside.store(source), life),
  log: faultyEventLog(outside.log, life),
  readModels: faultyReadModels(outside.readModels.open(), life),
});

/** Starts everything. */
export const boot: Boot<Parts> = async (outside, { life, relays }, fail) => {
  const { clock } = life.scheduler;
  const pause = pauseOf(life);
  const ports = portsOf(outside, life);
  const { log, readModels, stores } = ports;
  await startRelays(outside, portsOf(outside, relays), relays, fail);
  const buses = [busOver(stores(SOURCE), life), busOver(stores(SOURCE), life)];
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
  await closeDays(stores(CLOCK), life, { deadlines, codec: jsonCodec, clock: businessTime(clock) });
  return { buses, projections, reader };
};

const react = async (
  { log, readModels, stores }: Ports,
  life: Life,
  { submit, reader }: { readonly submit: CommandBus['submit']; readonly reader: MovingReader },
  fail: (error: unknown) => void,
): Promise<void> => {
  const { now } = life.scheduler.clock;
  const about = { partitions: log.partitions, now: now() };
  const checkpoints = await readModelCheckpoints(readModels, SOURCE, about);
  const codec = jsonCodec;
  const sources = createContextSources({
    ...{ services: [counterService], stores, codec, policies, pepper: PEPPER },
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
  { stores }: Ports,
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
    heads: async () => ({ [SOURCE]: (await stores(SOURCE).head()).position }),
    pause: pauseOf(life),
  });

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
