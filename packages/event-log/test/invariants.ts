// What must hold of a log that was filled from a store, whatever happened on the way.
import type { StoredEvent } from '@tenure/event-store';
import { expect } from 'vitest';
import type { EventLog, LogRecord } from '../src/event-log.ts';
import { partitionOf } from '../src/partition.ts';

export { SOURCE } from './source.ts';
import { SOURCE } from './source.ts';

const readLane = async (log: EventLog, partition: number): Promise<readonly LogRecord[]> =>
  log.read({ source: SOURCE, partition }, 1, Number.MAX_SAFE_INTEGER);

const text = ({ position, stream, revision, key, body }: StoredEvent): string =>
  `${position} ${stream} ${revision} ${key} ${Buffer.from(body).toString('latin1')}`;

/** No event missing, none twice, none changed, in order, each in the lane of its key, seqs without holes. */
export const expectAllOnce = async (log: EventLog, events: readonly StoredEvent[]): Promise<void> => {
  for (let partition = 0; partition < log.partitions; partition++) {
    const records = await readLane(log, partition);
    const wanted = events.filter(({ key }) => partitionOf(key, log.partitions) === partition);
    expect(records.map(text)).toEqual(wanted.map(text));
    expect(records.map(({ seq }) => seq)).toEqual(wanted.map((_, i) => i + 1));
  }
};

/** Every lane holds a gapless beginning of what it must hold in the end. */
export const expectPrefixes = async (log: EventLog, events: readonly StoredEvent[]): Promise<void> => {
  for (let partition = 0; partition < log.partitions; partition++) {
    const records = await readLane(log, partition);
    const wanted = events.filter(({ key }) => partitionOf(key, log.partitions) === partition);
    expect(records.map(text)).toEqual(wanted.slice(0, records.length).map(text));
    expect(records.map(({ seq }) => seq)).toEqual(records.map((_, i) => i + 1));
  }
};

/** Resolves when everything up to a position is in the log. */
export const reached = async (log: EventLog, position: number): Promise<void> => {
  if (position === 0) return;
  for await (const mark of log.watermark(SOURCE)) if (mark.position >= position) return;
};
