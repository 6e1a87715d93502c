// What the cases of the contract share: a log to try, records to put in, waits that the test ends itself.
import { afterEach, beforeEach } from 'vitest';
import type { EventLog, Lane, LaneBatch, LogRecord } from '../event-log.ts';
import { partitionOf } from '../partition.ts';
import type { Pause } from '../pause.ts';

export type LogUnderTest = {
  readonly log: EventLog;
  /** Closes the log and opens one over the same data. */
  readonly reopen: () => Promise<EventLog>;
  /** Closes what is open and removes the data. */
  readonly remove: () => Promise<void>;
};

/** Opens an empty log; `pause` is the back-off of its subscriptions. */
export type OpenLog = (partitions: number, pause: Pause) => Promise<LogUnderTest>;

export const PARTITIONS = 4;

/** Waits that end when the test says so. */
export type Waits = {
  readonly pause: Pause;
  /** Every delay asked for, in ms. */
  readonly asked: number[];
  /** Resolves when the `count`-th wait has begun. */
  begun(count: number): Promise<void>;
  /** Ends all waits. */
  end(): void;
};

export const manualWaits = (): Waits => {
  const asked: number[] = [];
  let ends: (() => void)[] = [];
  let watchers: (() => void)[] = [];
  const wake = (): void => {
    for (const watcher of watchers.splice(0)) watcher();
  };
  return {
    asked,
    pause: (ms, signal) =>
      new Promise((resolve) => {
        asked.push(ms);
        ends.push(resolve);
        signal.addEventListener('abort', () => resolve(), { once: true });
        wake();
      }),
    async begun(count) {
      while (asked.length < count) await new Promise<void>((resolve) => watchers.push(resolve));
    },
    end() {
      const ending = ends;
      ends = [];
      for (const end of ending) end();
    },
  };
};

/** The fresh log of the running case. */
export type Subject = () => LogUnderTest & { readonly waits: Waits };

/** Opens a log before each case of the suite around, and removes it afterwards. */
export const subjectOf = (open: OpenLog): Subject => {
  let subject: ReturnType<Subject> | undefined;
  beforeEach(async () => {
    const waits = manualWaits();
    subject = { ...(await open(PARTITIONS, waits.pause)), waits };
  });
  afterEach(() => subject?.remove());
  return () => {
    if (subject === undefined) throw new Error('a case runs outside of its suite');
    return subject;
  };
};

export const LANE: Lane = { source: 'order', partition: 1 };
export const OTHER: Lane = { source: 'order', partition: 2 };

/** A record whose bytes tell which one it is; positions have gaps. */
export const recordOf = (
  seq: number,
  key = `customer-${seq % 7}`,
  bodyBytes = 20 + (seq % 50),
): LogRecord => ({
  seq,
  position: seq * 3,
  stream: `order-${seq % 11}`,
  revision: seq,
  key,
  body: new Uint8Array(bodyBytes).fill(seq % 251),
});

/** The records `from` to `to`, both included. */
export const recordsOf = (from: number, to: number): LogRecord[] =>
  Array.from({ length: to - from + 1 }, (_, i) => recordOf(from + i));

/** Plain values, to compare whatever kind of view a body is. */
export const plain = (records: readonly LogRecord[]): readonly object[] =>
  records.map((record) => ({ ...record, body: [...record.body] }));

export const seqsOf = (records: readonly LogRecord[]): readonly number[] => records.map(({ seq }) => seq);

/** A key of this lane's partition. */
export const keyIn = (lane: Lane, number = 0): string => {
  for (let i = 0, found = 0; ; i++) {
    const key = `key-${i}`;
    if (partitionOf(key, PARTITIONS) === lane.partition && found++ === number) return key;
  }
};

/** Collects what a subscription hands over. */
export type Collected = {
  readonly handler: (batches: readonly LaneBatch[]) => Promise<void>;
  readonly batches: (readonly LaneBatch[])[];
  readonly seqs: (lane: Lane) => readonly number[];
  /** Resolves when this many records came in all. */
  records(count: number): Promise<void>;
};

export const collecting = (act: (call: number) => Promise<void> | void = () => {}): Collected => {
  const batches: (readonly LaneBatch[])[] = [];
  let watchers: (() => void)[] = [];
  let calls = 0;
  const count = (): number => batches.flat().reduce((sum, batch) => sum + batch.records.length, 0);
  return {
    batches,
    async handler(handed) {
      await act(calls++);
      batches.push(handed);
      const woken = watchers;
      watchers = [];
      for (const wake of woken) wake();
    },
    seqs: ({ source, partition }) =>
      batches
        .flat()
        .filter(({ lane }) => lane.source === source && lane.partition === partition)
        .flatMap(({ records }) => seqsOf(records)),
    async records(wanted) {
      while (count() < wanted) await new Promise<void>((resolve) => watchers.push(resolve));
    },
  };
};

export const fromStart = async (): Promise<number> => 1;
