// A process that dies at its n-th step: that step happens or not, its answer never comes, nor does any later one.
import type { EventLog } from '../src/event-log.ts';
import type { RelayCheckpoints } from '../src/relay/index.ts';

export type Death = {
  /** 0: the first step. */
  readonly step: number;
  /** Whether the fatal step still takes effect. */
  readonly effect: boolean;
};

export type Mortal = {
  readonly log: EventLog;
  readonly checkpoints: RelayCheckpoints;
  readonly died: Promise<string>;
};

const never = <T>(): Promise<T> => new Promise<T>(() => {});

/** Wraps what a relay writes to. Every write is a step; reads answer while the process lives. */
export const mortal = (log: EventLog, checkpoints: RelayCheckpoints, death: Death): Mortal => {
  const died = Promise.withResolvers<string>();
  let steps = 0;
  const step = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    const mine = steps++;
    if (mine > death.step) return never();
    if (mine < death.step) return act();
    if (death.effect) await act();
    died.resolve(name);
    return never();
  };
  return {
    died: died.promise,
    log: {
      ...log,
      publish: (lane, records) => step(`publish ${lane.partition}`, () => log.publish(lane, records)),
      flush: () => step('flush', () => log.flush()),
      announce: (source, position) => step('announce', () => log.announce(source, position)),
    },
    checkpoints: {
      acquire: (source) => step('acquire', () => checkpoints.acquire(source)),
      check: (source, epoch) => checkpoints.check(source, epoch),
      save: (source, epoch, checkpoint) => step('save', () => checkpoints.save(source, epoch, checkpoint)),
    },
  };
};
