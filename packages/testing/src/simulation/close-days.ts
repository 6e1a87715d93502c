// The business days of the simulation: the real clock of the operations service, looked at again and again.
import type { EventStore } from '@tenure/event-store';
import { createBusinessClock, type LastDay } from '@tenure/operations/business-clock';
import { createLedger } from '@tenure/operations/ledger';
import type { RunningDeadlines } from '@tenure/service-kit';
import type { Life } from '../faults.ts';
import { jsonCodec } from './json-codec.ts';
import { businessTime, ZONE } from './time.ts';

const LOOK_MS = 700; // several times a day

const MANY = 10_000;

/** Starts closing what is over; goes on until the life ends. */
export const closeDays = async (
  store: EventStore,
  { scheduler, name, alive }: Life,
  deadlines: RunningDeadlines,
): Promise<void> => {
  const clock = businessTime(scheduler.clock);
  const { closeDue } = createBusinessClock({
    ledger: createLedger('clock', store, jsonCodec, clock),
    clock: { ...clock, set: () => {} },
    zone: ZONE,
    desk: { fireUntil: deadlines.fireUntil, dayClosed: deadlines.fireDay },
    last: await lastDay(store),
    readLast: () => lastDay(store),
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

const lastDay = async (store: EventStore): Promise<LastDay | null> => {
  const last = (await store.readAll(0, MANY)).at(-1);
  if (last === undefined) return null;
  const { businessDate: date } = jsonCodec.decode('clock', last).data as { readonly businessDate: string };
  return { date, revision: last.revision, position: last.position };
};
