// What runs in the process: the write services with their reactions and deadlines, every projection, the followers and
// the clock, as the runtime puts them together, over ports under the faults of a life.
import type { EventLog } from '@tenure/event-log';
import type { EventStore } from '@tenure/event-store';
import type { KeyStore } from '@tenure/keys';
import {
  createProjectionReader,
  startProjections,
  type MovingReader,
  type Projections,
} from '@tenure/projections';
import type { ReadModels, Vector } from '@tenure/read-models';
import {
  createCommandBus,
  createContextSources,
  createSettling,
  fireTogether,
  lookupsOver,
  ownSources,
  readModelCheckpoints,
  runDeadlines,
  startFollower,
  startReactions,
  type CommandBus,
  type RunningFollower,
  type RunningReactions,
} from '@tenure/service-kit';
import type { Life } from '../../faults.ts';
import { faultyEventLog, faultyEventStore, faultyReadModels } from '../../faulty-ports.ts';
import { pauseOf, startRelays, timerOf, TWINS } from '../boot-parts.ts';
import { closeDays } from '../close-days.ts';
import type { Boot, Outside } from '../deployment.ts';
import { CLOCK } from '../durable.ts';
import type { BusinessClock } from './business-clock.ts';
import {
  bodyKey,
  codec,
  definitions,
  followers,
  hashes,
  pepper,
  policies,
  services,
  ZONE,
} from './platform.ts';
import { swift } from './swift.ts';

export type Parts = {
  readonly buses: readonly CommandBus[];
  readonly projections: Projections;
  readonly reader: MovingReader;
  readonly parked: () => readonly { readonly class: string; readonly message: string }[];
};

/** What outlives a process beside its stores and its log. */
export type Ground = { readonly keys: KeyStore; readonly clock: BusinessClock };

type Ports = {
  readonly stores: (source: string) => EventStore;
  readonly log: EventLog;
  readonly readModels: ReadModels;
};

type Work = Ground &
  Ports & {
    readonly life: Life;
    readonly outside: Outside;
    readonly reader: MovingReader;
    readonly submit: CommandBus['submit'];
    readonly fail: (error: unknown) => void;
  };

const portsOf = (outside: Outside, life: Life): Ports => {
  const stores = new Map(
    outside.sources.map((source) => [source, faultyEventStore(outside.store(source), life)]),
  );
  return {
    stores: (source) => stores.get(source) ?? outside.store(source),
    log: faultyEventLog(outside.log, swift(life)),
    readModels: faultyReadModels(outside.readModels.open(), swift(life)),
  };
};

/** Starts everything. */
export const bootOver =
  (ground: Ground): Boot<Parts> =>
  async (outside, { life, relays }, fail) => {
    const ports = portsOf(outside, life);
    await startRelays(outside, portsOf(outside, relays), relays, fail);
    const reader = await createProjectionReader({
      readModels: ports.readModels,
      projections: definitions,
      timer: timerOf(life),
    });
    const projections = await project(ports, ground, life, reader);
    const instances = life.scheduler.random.chance(TWINS) ? 2 : 1;
    const buses = Array.from({ length: instances }, () => busOver(ports, ground, life, reader));
    const submit: CommandBus['submit'] = (request) => life.scheduler.random.pick(buses).submit(request);
    const work: Work = { ...ground, ...ports, life, outside, reader, submit, fail };
    const reactions = await Promise.all(services.map((service) => react(work, service)));
    const heard = [...reactions, ...(await Promise.all(followers.map((one) => follow(work, one))))];
    await passDays(work, heard);
    return { buses, projections, reader, parked: () => reactions.flatMap((one) => one.parked()) };
  };

const project = (
  { log, readModels }: Ports,
  { keys, clock }: Ground,
  life: Life,
  reader: MovingReader,
): Promise<Projections> =>
  startProjections({
    ...{ log, readModels, codec, keys, definitions, clock, searchHashes: hashes, pause: pauseOf(life) },
    onProgress: (progress) => void reader.advance(progress),
    onAlarm: ({ code, detail }) => life.scheduler.note(`${life.name} ALARM ${code}: ${detail}`),
  });

const busOver = ({ stores }: Ports, { keys, clock }: Ground, life: Life, reader: MovingReader): CommandBus =>
  createCommandBus({
    ...{ services, stores, codec, keys, policies, clock, wallClock: clock, zone: ZONE },
    lookups: lookupsOver(services, reader),
    secrets: { pepper, bodyKey },
    sleep: (ms) => life.scheduler.sleep(ms, undefined, 'in flight'),
  });

const react = async (
  { life, log, readModels, reader, stores, keys, clock, submit, fail }: Work,
  service: (typeof services)[number],
): Promise<RunningReactions> => {
  const { now } = clock;
  const about = { partitions: log.partitions, now: now() };
  const checkpoints = await readModelCheckpoints(readModels, service.name, about);
  const lookups = lookupsOver(services, reader);
  const sources = createContextSources({ ...{ services, stores, codec, keys, policies, lookups, pepper } });
  const running = await startReactions({
    ...{ service, log, codec, policies, submit, checkpoints, now, reader, zone: ZONE, pause: pauseOf(life) },
    sources: sources(service.name),
    observe: {
      refused: ({ reaction, command, code }) =>
        life.scheduler.note(`${life.name} ${reaction}: ${command} refused, ${code}`),
      parked: (row) => life.scheduler.note(`${life.name} PARKS ${row.key}: ${row.message}`),
    },
  });
  running.ended.catch(fail);
  return running;
};

const follow = async (
  { life, log, readModels, reader, stores, clock, submit, fail }: Work,
  { follower, service }: (typeof followers)[number],
): Promise<RunningFollower> => {
  const about = { partitions: log.partitions, now: clock.now() };
  const checkpoints = await readModelCheckpoints(readModels, `${service.name}-${follower.name}`, about);
  const note = (what: string) => (problem: { readonly code: string }) =>
    life.scheduler.note(`${life.name} ${follower.name} ${what}: ${problem.code}`);
  const running = await startFollower({
    ...{ service, follower, log, codec, reader, submit, checkpoints, pause: pauseOf(life) },
    written: async (source) => (await stores(source).head()).position,
    observe: { failed: note('FAILED'), waiting: note('waits') },
  });
  running.ended.catch(fail);
  return running;
};

/** The deadlines of all services as one, and the days that close over them. */
const passDays = async (
  { life, outside, log, reader, stores, submit, clock }: Work,
  heard: readonly (RunningReactions | RunningFollower)[],
): Promise<void> => {
  const headsOf = async (sources: readonly string[]): Promise<Vector> => {
    const known = sources.filter((source) => outside.sources.includes(source));
    const heads = await Promise.all(known.map((source) => stores(source).head()));
    return Object.fromEntries(known.map((source, i) => [source, heads[i]?.position ?? 0]));
  };
  const running = services
    .filter((service) => service.deadlines !== undefined)
    .map((service) =>
      runDeadlines({
        ...{ service, reader, submit, clock, zone: ZONE, pause: pauseOf(life) },
        heads: () => headsOf(ownSources(service)),
        observe: {
          failed: ({ key, command, class: code }) =>
            life.scheduler.note(`${life.name} deadline ${key} (${command}) FAILED: ${code}`),
          refused: ({ key, command, code }) =>
            life.scheduler.note(`${life.name} deadline ${key} (${command}) refused: ${code}`),
        },
      }),
    );
  const settled = createSettling({ reactions: heard, log, heads: headsOf });
  await closeDays(stores(CLOCK), life, { deadlines: fireTogether(running, settled), codec, clock });
};
