// A deployment of one process over what outlives it: started, crashed, started again. Its relays may stay behind.
import type { EventLog } from '@tenure/event-log';
import { memoryEventLog } from '@tenure/event-log/memory';
import { startLife, type FaultRates, type Life } from '../faults.ts';
import { cutLog } from '../power.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Durable } from './durable.ts';

// How long a supervisor takes to start a process again, and how many commits of the read models a power cut may take.
const RESTART_MS = 500;
const LOST_COMMITS = 3;

export type Outside = Durable & { readonly log: EventLog };

/** `relays` is the life of the relays, which may outlast that of the rest. */
export type Lives = { readonly life: Life; readonly relays: Life };

/** Starts everything that runs in the process; `fail` ends it. */
export type Boot<P> = (outside: Outside, lives: Lives, fail: (error: unknown) => void) => Promise<P>;

/** A process that takes commands. `died` resolves with its life. */
export type Running<P> = P & { readonly life: Life; readonly died: Promise<void> };

export type Deployment<P> = {
  readonly durable: Durable;
  /** The running process; waits while there is none. */
  running(): Promise<Running<P>>;
};

/** What runs, and what outlives it. */
export type Machine<P> = { readonly durable: Durable; readonly boot: Boot<P> };

/** Starts the process and keeps starting it again whenever it crashes or cannot start; `onEnd` is told each time. */
export const deploy = <P>(
  scheduler: Scheduler,
  rates: () => FaultRates,
  onEnd: () => void,
  { durable, boot }: Machine<P>,
): Deployment<P> => {
  const zombies = zombiesOf(scheduler, rates);
  let log = openLog(durable, scheduler);
  let up = Promise.withResolvers<Running<P>>();
  let isUp = false;
  let lives = 0;
  const start = async (): Promise<void> => {
    const died = Promise.withResolvers<void>();
    const end = (powerCut: boolean): void => {
      if (zombies.bury(relays)) return;
      life.kill();
      zombies.leave(relays, powerCut);
      lives++;
      onEnd();
      if (isUp) up = Promise.withResolvers<Running<P>>(); // who waits for a process that never came up waits on
      isUp = false;
      died.resolve();
      void restart(powerCut);
    };
    const alive = (name: string): Life => startLife(name, scheduler, rates, ({ powerCut }) => end(powerCut));
    const [life, relays] = [alive(`p${lives}`), alive(`p${lives} relay`)] as const;
    const fail = (error: unknown): void => {
      if (!life.alive()) return;
      scheduler.note(`${life.name} ENDS: ${String(error)}`);
      relays.kill();
      end(false);
    };
    try {
      // Relays that live on share the log with the next process: a broker.
      if (!zombies.some()) log = openLog(durable, scheduler);
      const parts = await boot({ ...durable, log }, { life, relays }, fail);
      if (!life.alive()) return;
      isUp = true;
      up.resolve({ ...parts, life, died: died.promise });
    } catch (error) {
      fail(error);
    }
  };
  const restart = async (powerCut: boolean): Promise<void> => {
    await (powerCut ? losePower(durable, scheduler) : undefined);
    await scheduler.sleep(RESTART_MS, undefined, 'restart').then(start);
  };
  void start();
  return { durable, running: () => up.promise };
};

const losePower = async ({ lanes, readModels }: Durable, { random }: Scheduler): Promise<void> => {
  cutLog(lanes, random);
  await readModels.cut(random, LOST_COMMITS);
};

const openLog = ({ lanes }: Durable, scheduler: Scheduler) =>
  memoryEventLog(lanes, (ms, signal) => scheduler.sleep(ms, signal, 'subscription pause'));

/** Relays that live on when their process has crashed. */
const zombiesOf = (scheduler: Scheduler, rates: () => FaultRates) => {
  const zombies = new Set<Life>();
  return {
    some: () => zombies.size > 0,
    /** The process has ended: its relays end with it, or live on. A power cut ends everybody's. */
    leave(relays: Life, powerCut: boolean): void {
      if (powerCut) {
        for (const zombie of zombies) zombie.kill();
        zombies.clear();
      } else if (relays.alive() && scheduler.random.chance(rates().zombie)) {
        scheduler.note(`${relays.name} LIVES ON`);
        zombies.add(relays);
        return;
      }
      relays.kill();
    },
    /** True when these crashed as zombies: nobody starts them again. */
    bury(relays: Life): boolean {
      if (!zombies.delete(relays)) return false;
      relays.kill();
      return true;
    },
  };
};
