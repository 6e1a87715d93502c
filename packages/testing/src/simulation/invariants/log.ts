// The log: every stored event once, in order, where its customer lives; the days in every lane.
import { partitionOf, type LogRecord } from '@tenure/event-log';
import { PARTITIONS, type Durable, type Source } from '../durable.ts';
import { holds, type Stored } from './facts.ts';

const laneOf = ({ lanes }: Durable, source: Source, partition: number): readonly LogRecord[] => {
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

const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);

const isSame = (events: readonly Stored[], records: readonly LogRecord[]): boolean =>
  events.length === records.length &&
  events.every(({ position, body }, i) => {
    const record = records[i];
    return record?.position === position && Buffer.compare(record.body, body) === 0;
  });

export const checkLog = (durable: Durable, events: readonly Stored[], days: readonly Stored[]): void => {
  const found: LogRecord[] = [];
  for (const partition of partitions) {
    const lane = laneOf(durable, 'counter', partition);
    for (const { key } of lane)
      holds(partitionOf(key, PARTITIONS) === partition, 'a key lives in one lane', key);
    found.push(...lane);
    const closed = laneOf(durable, 'clock', partition);
    holds(
      isSame(days, closed),
      'every lane has every day',
      `${closed.length} of ${days.length} in ${partition}`,
    );
  }
  found.sort((a, b) => a.position - b.position);
  holds(
    isSame(events, found),
    'every stored event is in the log',
    `${found.length} records of ${events.length} events`,
  );
};
