// What can go wrong between a component and a port, drawn from the seed: each schedule has rates of its own.
import { TenureError } from '@tenure/core';
import type { Random } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** Probabilities per call, and how long a call may take. */
export type FaultRates = {
  /** The process dies before or after the effect of a call. */
  readonly crash: number;
  /** A crash takes the power with it: what was not flushed is gone. */
  readonly powerCut: number;
  /** A crash leaves the relays running: the next process meets them. */
  readonly zombie: number;
  /** The call fails and has had no effect. */
  readonly failed: number;
  /** The call has had its effect, and fails. */
  readonly lostAck: number;
  /** Records are handed over again. */
  readonly duplicate: number;
  /** Lanes are handed over apart and in another order. */
  readonly reorder: number;
  /** Longest delay of a call, ms. */
  readonly delayMs: number;
};

export const NO_FAULTS: FaultRates = {
  crash: 0,
  powerCut: 0,
  zombie: 0,
  failed: 0,
  lostAck: 0,
  duplicate: 0,
  reorder: 0,
  delayMs: 1,
};

// An answer may take its time, or come at once: half of the steps would be such answers.
const SLOW_ANSWERS = 0.3;

// Often one kind of fault alone, sometimes all at once: a schedule with every fault rarely gets anywhere far.
const SILENT = 0.35;

/** The rates of one schedule: crash up to 3 %, the others up to 10–30 % of the calls. */
export const drawRates = (random: Random): FaultRates => {
  const rate = (most: number): number => (random.chance(SILENT) ? 0 : random.next() ** 2 * most);
  return {
    crash: rate(0.03),
    powerCut: random.next(),
    zombie: rate(1),
    failed: rate(0.1),
    lostAck: rate(0.1),
    duplicate: rate(0.3),
    reorder: rate(0.5),
    delayMs: 1 + random.next() ** 3 * 200,
  };
};

export type Crash = { readonly life: Life; readonly powerCut: boolean };

/** One life of a process, from its start to its crash. A dead one does nothing more: its calls never come back. */
export type Life = {
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly rates: () => FaultRates;
  alive(): boolean;
  /** Makes a call to the outside under the faults of the schedule. */
  call<T>(what: string, effect: () => Promise<T>, kind?: CallKind): Promise<T>;
  /** Ends it at once, as kill -9 does. */
  kill(): void;
};

/** 'sure': only delays and crashes meet it, because the port promises no error there. */
export type CallKind = 'faulty' | 'sure';

const never = <T>(): Promise<T> => new Promise<T>(() => {});

const away = (what: string): TenureError =>
  new TenureError('UNAVAILABLE', `${what} is away (simulated).`, {}, { retriable: true });

/** Starts a life. `onCrash` is told once, when a drawn crash ends it. */
export const startLife = (
  name: string,
  scheduler: Scheduler,
  rates: () => FaultRates,
  onCrash: (crash: Crash) => void,
): Life => {
  const { random } = scheduler;
  let alive = true;
  const crashed = (what: string): boolean => {
    if (alive && random.chance(rates().crash / 2)) {
      const powerCut = random.chance(rates().powerCut);
      scheduler.note(`${name} ${powerCut ? 'LOSES POWER' : 'CRASHES'} at ${what}`);
      alive = false;
      onCrash({ life, powerCut });
    }
    return !alive;
  };
  const life: Life = {
    name,
    scheduler,
    rates,
    alive: () => alive,
    async call(what, effect, kind = 'faulty') {
      if (!alive) return never();
      await scheduler.step(`${name} ${what}`, rates().delayMs);
      if (crashed(`${what}, before`)) return never();
      const fails = kind === 'faulty' && random.chance(rates().failed);
      if (fails) {
        scheduler.note(`${name} ${what} FAILED`);
        throw away(what);
      }
      const result = await effect();
      if (!alive) return never();
      if (random.chance(SLOW_ANSWERS)) await scheduler.step(`${name} ${what} done`, rates().delayMs);
      if (crashed(`${what}, after`)) return never();
      if (kind === 'faulty' && random.chance(rates().lostAck)) {
        scheduler.note(`${name} ${what} ACK LOST`);
        throw away(what);
      }
      return result;
    },
    kill() {
      alive = false;
    },
  };
  return life;
};
