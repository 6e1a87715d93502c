// The log lives in the pipeline worker; other threads read it by calls.
import { remoteCalls, serveCalls, type Port } from '@tenure/core';
import type { EventLog, EventLogReader, LogRecord } from './event-log.ts';

const CHANNEL = 'event-log';

type ReadCalls = Omit<EventLogReader, 'partitions'>;

/** Serves the reading half of a log on a port. */
export const serveEventLog = (port: Port, log: EventLog, channel = CHANNEL): void => {
  const calls: ReadCalls = {
    read: async (lane, fromSeq, limit, only) => packed(await log.read(lane, fromSeq, limit, only)),
    readKey: async (source, key, upTo) => packed(await log.readKey(source, key, upTo)),
    head: (lane) => log.head(lane),
    headPosition: (lane) => log.headPosition(lane),
    durable: (source) => log.durable(source),
  };
  serveCalls(port, channel, calls);
};

/** The reading half of a log that another thread serves. `partitions` is fixed per deployment, so it is known here. */
export const remoteEventLog = (port: Port, partitions: number, channel = CHANNEL): EventLogReader => {
  const calls = remoteCalls<ReadCalls>(port, channel);
  return {
    partitions,
    read: (lane, fromSeq, limit, only) => calls.read(lane, fromSeq, limit, only),
    readKey: (source, key, upTo) => calls.readKey(source, key, upTo),
    head: (lane) => calls.head(lane),
    headPosition: (lane) => calls.headPosition(lane),
    durable: (source) => calls.durable(source),
  };
};

// A clone of a view takes its whole buffer along: the bodies move into one buffer of exactly their size.
const packed = (records: readonly LogRecord[]): readonly LogRecord[] => {
  const bytes = new Uint8Array(records.reduce((sum, record) => sum + record.body.length, 0));
  let end = 0;
  return records.map((record) => {
    const start = end;
    bytes.set(record.body, start);
    end += record.body.length;
    return { ...record, body: bytes.subarray(start, end) };
  });
};
