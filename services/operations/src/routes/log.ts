// The raw log, for services that have lost their copy of a range.
import { isTenureError, TenureError } from '@tenure/core';
import type { LogRecord } from '@tenure/event-log';
import { route, type Kit, type RouteSpec } from '@tenure/http';
import { z } from 'zod';
import type { OperationsPorts } from '../ports.ts';
import { checkSources } from './known-sources.ts';

const MAX_RECORDS = 5000;
const MAX_BYTES = 4 << 20;

const Count = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a whole number')
  .transform(Number);

/** `GET /ops/log/{source}/{lane}`: NDJSON, at most 5,000 records or 4 MiB. */
export const logRoute = (ports: OperationsPorts): RouteSpec =>
  route({
    method: 'GET',
    path: '/ops/log/{source}/{lane}',
    summary: 'The records of a lane as NDJSON, for a service that misses a range',
    tag: 'operations',
    access: { rights: ['ops-head', 'ops-read'] },
    params: z.object({ source: z.string(), lane: Count }),
    query: z.object({
      from: Count.refine((seq) => seq >= 1, 'must be 1 or more').default(1),
      limit: Count.refine(
        (limit) => limit >= 1 && limit <= MAX_RECORDS,
        `must be 1 to ${MAX_RECORDS}`,
      ).default(1000),
    }),
    responses: { 200: { description: 'A record per line', type: 'application/x-ndjson' } },
    handle: async ({ params: { source, lane }, query }, kit) => {
      checkSources([source], Object.keys(await ports.heads()));
      if (lane >= kit.log.partitions)
        throw new TenureError('NOT_FOUND', `There are the lanes 0 to ${kit.log.partitions - 1}.`);
      const records = await kit.log.read({ source, partition: lane }, query.from, query.limit);
      const lines: string[] = [];
      let bytes = 0;
      for (const record of records) {
        const line = `${JSON.stringify(rawRecord(kit, source, record))}\n`;
        bytes += Buffer.byteLength(line);
        if (bytes > MAX_BYTES && lines.length > 0) break;
        lines.push(line);
      }
      return { status: 200, body: lines.join(''), type: 'application/x-ndjson' };
    },
  });

const rawRecord = (kit: Kit, source: string, record: LogRecord): object => {
  const { seq, position, key, stream, revision, body } = record;
  const { type, occurredAt, recordedAt } = kit.codec.peek(body);
  const payload = Buffer.from(kit.codec.payload(body)).toString('base64');
  const meta = metaOf(kit, source, record);
  return { seq, position, key, type, stream, revision, occurredAt, recordedAt, meta, payload };
};

/** A record that cannot be decoded is still handed out: whoever asks may know its schema. */
const metaOf = (kit: Kit, source: string, record: LogRecord): object | null => {
  try {
    return kit.codec.decode(source, record).meta;
  } catch (error) {
    if (isTenureError(error, 'UNDECODABLE')) return null;
    throw error;
  }
};
