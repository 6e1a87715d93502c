// The process itself: a bus and the reactions of all services. It can die at any command that it issues.
import { createSecretKey } from 'node:crypto';
import { TenureError } from '@tenure/core';
import {
  createCommandBus,
  createContextSources,
  lookupsOver,
  memoryReactionCheckpoints,
  startReactions,
  type CommandBus,
  type ReactionCheckpoints,
  type RunningReactions,
} from '@tenure/service-kit';
import { PARTITIONS, type Ground } from './ground.ts';

const ZONE = 'UTC';

type Death = { left: number; readonly when: 'before' | 'after' };

const unavailable = (): TenureError =>
  new TenureError('UNAVAILABLE', 'The process is dead.', {}, { retriable: true });

const newBus = ({ services, storeOf, codec, keys, policies, clock, pepper, tables }: Ground): CommandBus =>
  createCommandBus({
    ...{ services, stores: storeOf, codec, keys, policies, clock, wallClock: clock, zone: ZONE },
    lookups: lookupsOver(services, tables.reader),
    secrets: { pepper, bodyKey: createSecretKey(Buffer.alloc(32, 4)) },
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
  });

/** Commands of processes: the place where they can die. */
const mortal = (bus: () => CommandBus) => {
  let death: Death | null = null;
  let dead = false;
  let issued = 0;
  const submit: CommandBus['submit'] = async (request) => {
    if (dead) throw unavailable();
    issued++;
    const dies = death !== null && death.left-- <= 0;
    dead = dies;
    if (dies && death?.when === 'before') throw unavailable();
    const result = await bus().submit(request);
    if (dies) throw unavailable();
    return result;
  };
  return {
    submit,
    issued: () => issued,
    isDead: () => dead,
    dieAt(steps: number, when: Death['when']): void {
      death = { left: steps, when };
    },
    revive(): void {
      death = null;
      dead = false;
    },
  };
};

const freshCheckpoints = ({ services }: Ground): ReadonlyMap<string, ReactionCheckpoints> =>
  new Map(services.map(({ name }) => [name, memoryReactionCheckpoints()]));

type Checkpoints = ReadonlyMap<string, ReactionCheckpoints>;

const startAll = (
  { services, log, codec, policies, tables, clock, storeOf: stores, keys, pepper }: Ground,
  checkpoints: Checkpoints,
  submit: CommandBus['submit'],
  refused: string[],
): Promise<readonly RunningReactions[]> => {
  const lookups = lookupsOver(services, tables.reader);
  const sources = createContextSources({ ...{ services, stores, codec, keys, policies, lookups, pepper } });
  return Promise.all(
    services.map((service) =>
      startReactions({
        ...{ service, log, codec, policies, submit, now: clock.now, zone: ZONE, reader: tables.reader },
        checkpoints: checkpoints.get(service.name) ?? memoryReactionCheckpoints(),
        sources: sources(service.name),
        observe: { refused: ({ command, code }) => void refused.push(`${command}: ${code}`) },
      }),
    ),
  );
};

/** True when everything in the log is acknowledged. */
const acknowledged = async ({ services, log }: Ground, checkpoints: Checkpoints): Promise<boolean> => {
  for (const { name, reactions = [] } of services)
    for (const source of new Set(reactions.flatMap(({ on }) => Object.keys(on))))
      for (let partition = 0; partition < PARTITIONS; partition++) {
        const lane = { source, partition };
        if (((await checkpoints.get(name)?.seq(lane)) ?? 0) < (await log.head(lane))) return false;
      }
  return true;
};

export const liveOn = (ground: Ground) => {
  let checkpoints = freshCheckpoints(ground);
  let bus = newBus(ground);
  let running: readonly RunningReactions[] = [];
  const refused: string[] = [];
  const { submit, revive, ...death } = mortal(() => bus);
  const begin = async (): Promise<void> => {
    revive();
    bus = newBus(ground);
    running = await startAll(ground, checkpoints, submit, refused);
  };
  const end = async (): Promise<void> => {
    await Promise.all(running.map((one) => one.stop()));
    running = [];
  };
  return {
    ...death,
    refused,
    begin,
    end,
    bus: () => bus,
    async restart(): Promise<void> {
      await end();
      await begin();
    },
    async redeliver(): Promise<void> {
      await end();
      checkpoints = freshCheckpoints(ground);
      await begin();
    },
    /** Nobody stands still, and everything in the log is acknowledged. */
    reactedToAll(): Promise<boolean> {
      for (const reactions of running)
        for (const { class: code, message } of reactions.parked()) throw new Error(`${code}: ${message}`);
      return acknowledged(ground, checkpoints);
    },
  };
};

export type Life = ReturnType<typeof liveOn>;
