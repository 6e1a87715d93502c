// A deployment of one process over what outlives it: started, crashed, started again, with the real parts inside.
import { createSecretKey } from 'node:crypto';
import {
  memoryEventLog,
  memoryCheckpoints,
  memoryLogData,
  type MemoryLogData,
} from '@tenure/event-log/memory';
import { startRelay } from '@tenure/event-log/relay';
import { memoryEventStore, type EventStore } from '@tenure/event-store';
import { memoryKeyStore } from '@tenure/keys';
import { startProjections, type Projections } from '@tenure/projections';
import { createCommandBus, policyBook, type CommandBus } from '@tenure/service-kit';
import { startLife, type Crash, type FaultRates, type Life } from '../faults.ts';
import { faulty, faultyEventLog, faultyEventStore, faultyReadModels } from '../faulty-ports.ts';
import { cutLog, powerlessReadModels, type PowerlessReadModels } from '../power.ts';
import type { Scheduler } from '../scheduler.ts';
import { counters, counterService, SOURCE } from './counter.ts';
import { jsonCodec } from './json-codec.ts';

export const PARTITIONS = 3;
// How long a supervisor takes to start a process again, and how many commits of the read models a power cut may take.
const RESTART_MS = 500;
const LOST_COMMITS = 3;
// A relay that saves often gives a power cut less to take back; one that saves rarely sends more again: both must do.
const CHECKPOINT_MS = [5, 100, 2_000] as const;

/** What outlives a process. */
export type Durable = {
  readonly store: EventStore;
  readonly log: MemoryLogData;
  readonly checkpoints: ReturnType<typeof memoryCheckpoints>;
  readonly readModels: PowerlessReadModels;
};

export const emptyDeployment = (): Durable => ({
  store: memoryEventStore(),
  log: memoryLogData(PARTITIONS),
  checkpoints: memoryCheckpoints(),
  readModels: powerlessReadModels(),
});

/** A process that takes commands. `died` resolves with its life. */
export type Running = {
  /** Two instances of the write service over one store, as when it is scaled out: each remembers streams of its own. */
  readonly buses: readonly CommandBus[];
  readonly projections: Projections;
  readonly life: Life;
  readonly died: Promise<void>;
};

export type Deployment = {
  readonly durable: Durable;
  /** The running process; waits while there is none. */
  running(): Promise<Running>;
};

/** Starts the process and keeps starting it again whenever it crashes or cannot start; `onEnd` is told each time. */
export const deploy = (scheduler: Scheduler, rates: () => FaultRates, onEnd: () => void): Deployment => {
  const durable = emptyDeployment();
  let up = Promise.withResolvers<Running>();
  let isUp = false;
  let lives = 0;
  const start = async (): Promise<void> => {
    const died = Promise.withResolvers<void>();
    const onCrash = (crash: Crash): void => {
      lives++;
      onEnd();
      if (isUp) up = Promise.withResolvers<Running>(); // who waits for a process that never came up waits on
      isUp = false;
      died.resolve();
      void restart(crash);
    };
    const life = startLife(`p${lives}`, scheduler, rates, onCrash);
    const fail = (error: unknown): void => {
      if (!life.alive()) return;
      scheduler.note(`${life.name} ENDS: ${String(error)}`);
      life.kill();
      onCrash({ life, powerCut: false });
    };
    try {
      const parts = await boot(durable, life, fail);
      if (!life.alive()) return;
      isUp = true;
      up.resolve({ ...parts, life, died: died.promise });
    } catch (error) {
      fail(error);
    }
  };
  const restart = async ({ powerCut }: Crash): Promise<void> => {
    if (powerCut) {
      cutLog(durable.log, scheduler.random);
      await durable.readModels.cut(scheduler.random, LOST_COMMITS);
    }
    await scheduler.sleep(RESTART_MS, undefined, 'restart');
    await start();
  };
  void start();
  return { durable, running: () => up.promise };
};

const boot = async (
  durable: Durable,
  life: Life,
  fail: (error: unknown) => void,
): Promise<Pick<Running, 'buses' | 'projections'>> => {
  const { scheduler } = life;
  const { clock } = scheduler;
  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    scheduler.sleep(ms, signal, `${life.name} pause`);
  const store = faultyEventStore(durable.store, life);
  const log = faultyEventLog(memoryEventLog(durable.log, pause), life);
  const buses = [busOver(store, life), busOver(store, life)];
  const projections = await startProjections({
    log,
    readModels: faultyReadModels(durable.readModels.open(), life),
    codec: jsonCodec,
    keys: { load: async () => new Map() },
    searchHash: () => null,
    definitions: [{ definition: counters, codeHash: 'code-1' }],
    clock,
    pause,
  });
  const relay = await startRelay({
    source: SOURCE,
    store,
    log,
    checkpoints: faulty(durable.checkpoints, 'checkpoints', life),
    checkpointEveryMs: scheduler.random.pick(CHECKPOINT_MS),
    pause,
    clock,
  });
  relay.ended.catch(fail);
  return { buses, projections };
};

const busOver = (store: EventStore, { scheduler }: Life): CommandBus =>
  createCommandBus({
    services: [counterService],
    stores: () => store,
    codec: jsonCodec,
    keys: memoryKeyStore((size) => new Uint8Array(size).fill(7), 0),
    policies: policyBook([]),
    lookups: () => ({ get: async () => undefined, search: async () => [] }),
    clock: scheduler.clock,
    wallClock: scheduler.clock,
    zone: 'UTC',
    secrets: {
      pepper: createSecretKey(Buffer.alloc(32, 1)),
      bodyKey: createSecretKey(Buffer.alloc(32, 2)),
    },
    sleep: (ms) => scheduler.sleep(ms, undefined, 'in flight'),
  });
