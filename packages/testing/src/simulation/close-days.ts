// The business days of the simulation: the real clock of the operations service, looked at again and again.
import type { EventStore } from '@tenure/event-store';
import { createBusinessClock, type LastDay } from '@tenure/operations/business-clock';
import { createLedger } from '@tenure/operations/ledger';
import type { Clock } from '@tenure/core';
import type { Codec } from '@tenure/events';
import type { RunningDeadlines } from '@tenure/service-kit';
import type { Life } from '../faults.ts';
import { CLOCK } from './durable.ts';
import { ZONE } from './time.ts';

const LOOK_MS = 700; // several times a day

const MANY = 10_000;

type Days = {
  readonly deadlines: Pick<RunningDeadlines, 'fireUntil' | 'fireDay'>;
  readonly codec: Codec;
  readonly clock: Clock;
};

/** Starts closing what is over; goes on until the life ends. */
export const closeDays = async (
  store: EventStore,
  { scheduler, name, alive }: Life,
  { deadlines, codec, clock }: Days,
): Promise<void> => {
  const { closeDue } = createBusinessClock({
    ledger: createLedger(CLOCK, store, codec, clock),
    clock: { ...clock, set: () => {} },
    zone: ZONE,
    desk: { fireUntil: deadlines.fireUntil, dayClosed: deadlines.fireDay },
    last: await lastDay(store, codec),
    readLast: () => lastDay(store, codec),
  });
  const keepClosing = async (): Promise<void> => {
    while (alive()) {
      try {
        await closeDue();
      } catch (error) {
        scheduler.note(`${name} closes no day: ${String(error)}`);
      }
      await scheduler.sleep(LOOK_MS, undefined, `${name} looks at the day`);
    }
  };
  void keepClosing();
};

const lastDay = async (store: EventStore, codec: Codec): Promise<LastDay | null> => {
  const last = (await store.readAll(0, MANY)).at(-1);
  if (last === undefined) return null;
  const { businessDate: date } = codec.decode(CLOCK, last).data as { readonly businessDate: string };
  return { date, revision: last.revision, position: last.position };
};
