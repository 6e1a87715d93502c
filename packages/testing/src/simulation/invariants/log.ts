// The log: every stored event once, in order, where its customer lives; the days in every lane.
import { partitionOf, type LogRecord } from '@tenure/event-log';
import { CLOCK, type Durable } from '../durable.ts';
import { holds, type Stored } from './facts.ts';

const laneOf = ({ lanes }: Durable, source: string, partition: number): readonly LogRecord[] => {
  const records = lanes.lanes.get(`${source}/${partition}`) ?? [];
  let position = 0;
  for (const [i, record] of records.entries()) {
    const place = `${source}/${partition}@${i + 1}`;
    holds(record.seq === i + 1, 'seq without holes', `${place}: ${record.seq}`);
    holds(record.position > position, 'order per key', `${place}: ${record.position} after ${position}`);
    ({ position } = record);
  }
  return records;
};

const isSame = (events: readonly Stored[], records: readonly LogRecord[]): boolean =>
  events.length === records.length &&
  events.every(({ position, body }, i) => {
    const record = records[i];
    return record?.position === position && Buffer.compare(record.body, body) === 0;
  });

/** `stored`: what the store of each source has, by source. */
export const checkLog = (durable: Durable, stored: ReadonlyMap<string, readonly Stored[]>): void => {
  for (const [source, events] of stored)
    if (source === CLOCK) checkEverywhere(durable, source, events);
    else checkOnce(durable, source, events);
};

const checkOnce = (durable: Durable, source: string, events: readonly Stored[]): void => {
  const found: LogRecord[] = [];
  for (let partition = 0; partition < durable.partitions; partition++) {
    const lane = laneOf(durable, source, partition);
    for (const { key } of lane)
      holds(partitionOf(key, durable.partitions) === partition, 'a key lives in one lane', key);
    found.push(...lane);
  }
  found.sort((a, b) => a.position - b.position);
  holds(
    isSame(events, found),
    'every stored event is in the log',
    `${source}: ${found.length} records of ${events.length} events`,
  );
};

const checkEverywhere = (durable: Durable, source: string, events: readonly Stored[]): void => {
  for (let partition = 0; partition < durable.partitions; partition++) {
    const lane = laneOf(durable, source, partition);
    holds(
      isSame(events, lane),
      'every lane has every day',
      `${lane.length} of ${events.length} in ${partition}`,
    );
  }
};
