// The event explorer, the audit, and the raw log for services that have lost their copy.
import { formatInstant, isTenureError, TenureError } from '@tenure/core';
import type { LogRecord } from '@tenure/event-log';
import { closedValues, route, type Kit, type RouteSpec } from '@tenure/http';
import type { DecodedEvent } from '@tenure/events';
import { z } from 'zod';
import { eventPage } from '../event-pages.ts';
import type { OperationsPorts } from '../ports.ts';

const Event = z.object({
  eventId: z.string(),
  type: z.string(),
  source: z.string(),
  stream: z.string(),
  revision: z.int(),
  position: z.int(),
  key: z.string(),
  occurredAt: z.string(),
  recordedAt: z.string(),
  actor: z.object({ kind: z.string(), id: z.string() }),
  data: z.record(z.string(), z.unknown()),
});

const Page = z.object({ items: z.array(Event), next: z.string().nullable() });

const PageQuery = {
  from: z.string().regex(/^\d+$/, 'must be the next of the page before').optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
};

/** Personal values stay closed: operators see that something is there, not what. */
const shown = (event: DecodedEvent): z.infer<typeof Event> => ({
  eventId: event.id,
  type: event.type,
  source: event.source,
  stream: event.stream,
  revision: event.revision,
  position: event.position,
  key: event.key,
  occurredAt: formatInstant(event.occurredAt),
  recordedAt: formatInstant(event.recordedAt),
  actor: event.meta.actor,
  data: closedValues(event.data) as Record<string, unknown>,
});

const MAX_RECORDS = 5000;
const MAX_BYTES = 4 << 20;

/** `/ops/events`, `/ops/audit` and `/ops/log/{source}/{lane}`. */
export const eventRoutes = (ports: OperationsPorts): readonly RouteSpec[] => [
  route({
    method: 'GET',
    path: '/ops/events',
    summary: 'Events of a source, newest first; personal values stay closed',
    tag: 'operations',
    access: { rights: ['ops-read'] },
    query: z.object({
      source: z.string(),
      type: z.string().optional(),
      key: z.string().optional(),
      ...PageQuery,
    }),
    responses: { 200: { description: 'Events', schema: Page } },
    handle: async ({ query }, kit) => {
      await checkSource(ports, query.source);
      return { status: 200, body: await page(kit, query) };
    },
  }),
  route({
    method: 'GET',
    path: '/ops/audit',
    summary: 'Who was refused, who saw personal data, who did what',
    tag: 'operations',
    access: { rights: ['audit'] },
    query: z.object(PageQuery),
    responses: { 200: { description: 'Entries', schema: Page } },
    handle: async ({ query }, kit) => {
      await kit.audit.flush();
      return { status: 200, body: await page(kit, { ...query, source: 'ops', type: 'AuditRecorded' }) };
    },
  }),
  logRoute(ports),
];

type PageRequest = {
  readonly source: string;
  readonly type?: string | undefined;
  readonly key?: string | undefined;
  readonly from?: string | undefined;
  readonly limit: number;
};

const page = async (
  kit: Kit,
  { source, type, key, from, limit }: PageRequest,
): Promise<z.infer<typeof Page>> => {
  const before = from === undefined ? undefined : Number(from);
  const { events, next } = await eventPage(kit, { source, type, key, before, limit });
  return { items: events.map(shown), next: next === null ? null : String(next) };
};

const checkSource = async (ports: OperationsPorts, source: string): Promise<void> => {
  const sources = Object.keys(await ports.heads());
  if (!sources.includes(source))
    throw new TenureError('NOT_FOUND', `There is no such source; there are ${sources.join(', ')}.`, {
      sources,
    });
};

const logRoute = (ports: OperationsPorts): RouteSpec =>
  route({
    method: 'GET',
    path: '/ops/log/{source}/{lane}',
    summary: 'The records of a lane as NDJSON, for a service that misses a range',
    tag: 'operations',
    access: { rights: ['ops-head', 'ops-read'] },
    params: z.object({ source: z.string(), lane: z.coerce.number().int().min(0) }),
    query: z.object({
      from: z.coerce.number().int().min(1).default(1),
      limit: z.coerce.number().int().min(1).max(MAX_RECORDS).default(1000),
    }),
    responses: { 200: { description: 'A record per line', type: 'application/x-ndjson' } },
    handle: async ({ params, query }, kit) => {
      await checkSource(ports, params.source);
      if (params.lane >= kit.log.partitions)
        throw new TenureError('NOT_FOUND', `There are the lanes 0 to ${kit.log.partitions - 1}.`);
      const records = await kit.log.read(
        { source: params.source, partition: params.lane },
        query.from,
        query.limit,
      );
      const lines: string[] = [];
      let bytes = 0;
      for (const record of records) {
        const line = JSON.stringify(rawRecord(kit, params.source, record));
        bytes += line.length + 1;
        if (bytes > MAX_BYTES && lines.length > 0) break;
        lines.push(`${line}\n`);
      }
      return { status: 200, body: lines.join(''), type: 'application/x-ndjson' };
    },
  });

const rawRecord = (kit: Kit, source: string, record: LogRecord): object => {
  const { seq, position, key, stream, revision, body } = record;
  const { type, occurredAt, recordedAt } = kit.codec.peek(body);
  const payload = Buffer.from(kit.codec.payload(body)).toString('base64');
  return {
    seq,
    position,
    key,
    type,
    stream,
    revision,
    occurredAt,
    recordedAt,
    meta: metaOf(kit, source, record),
    payload,
  };
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
