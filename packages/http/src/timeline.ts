// The timeline of a customer: every event about him, newest first, read from the log by key. Nothing of it is stored
// twice, so it is complete and as old as the log.
import type { EventLogReader, LogRecord } from '@tenure/event-log';
import type { Codec, DecodedEvent, SealedBlock } from '@tenure/events';
import { eventJson } from '@tenure/events';
import { z } from 'zod';
import { afterOf, cursorOf } from './cursor.ts';
import { Cursor, Id, Instant, InstantParameter, instantOut, Limit, Masked, Texts } from './json-forms.ts';
import type { Kit } from './kit.ts';
import { openAll, requireSight, type Opened, type Reading } from './open-values.ts';
import { sightOf } from './ownership.ts';

/** The query parameters of a timeline. */
export const timelineParameters = {
  source: Texts.optional(),
  type: Texts.optional(),
  from: InstantParameter.optional(),
  to: InstantParameter.optional(),
  limit: Limit.optional(),
  cursor: Cursor.optional(),
};

export const TimelineItem = z
  .object({
    eventId: z.uuid(),
    type: z.string(),
    source: z.string(),
    stream: z.string(),
    revision: z.int(),
    position: z.int(),
    occurredAt: Instant,
    recordedAt: Instant,
    actor: z.object({ kind: z.string(), id: z.string() }),
    data: z.record(z.string(), z.unknown()),
    masked: Masked,
  })
  .meta({ id: 'TimelineItem' });

export const TimelinePage = z.object({ items: z.array(TimelineItem), next: z.string().nullable() });

export type TimelineQuery = {
  /** The customer with everything merged into him: his own id first. */
  readonly keys: readonly [string, ...string[]];
  /** All sources that may hold events about a customer. */
  readonly sources: readonly string[];
  readonly source?: readonly string[] | undefined;
  readonly type?: readonly string[] | undefined;
  /** occurredAt, ms: from inclusive, to exclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
};

const DEFAULT_LIMIT = 50;

/** Order of the timeline, and its cursor: occurredAt, source, position; all descending. */
type Place = readonly [occurredAt: number, source: string, position: number];
type Entry = { readonly place: Place; readonly source: string; readonly record: LogRecord };

const newestFirst = (a: Place, b: Place): number =>
  b[0] - a[0] || (a[1] < b[1] ? 1 : a[1] > b[1] ? -1 : b[2] - a[2]);

/**
 * One page. Only its own events are decoded; of the others the head is read.
 * @throws FORBIDDEN for a customer the caller may not see, INVALID for a foreign cursor
 */
export const timelinePage = async (
  query: TimelineQuery,
  reading: Reading,
  kit: Kit,
): Promise<z.output<typeof TimelinePage>> => {
  const [customerId] = query.keys;
  const sight = (await sightOf(reading.principal, [customerId], kit.ownership))(customerId);
  requireSight(sight);
  const { cursorSecret } = kit;
  // Not the merged ones: a cursor outlives a merge between two pages.
  const question = [reading.route, customerId, query.source, query.type, query.from, query.to].map(
    (part) => part ?? null,
  );
  const after = query.cursor === undefined ? null : (afterOf(cursorSecret, question, query.cursor) as Place);
  const limit = query.limit ?? DEFAULT_LIMIT;
  const entries = (await entriesOf(query, kit))
    .filter(({ place }) => after === null || newestFirst(after, place) < 0)
    .toSorted((a, b) => newestFirst(a.place, b.place));
  const page = entries.slice(0, limit);
  const events = page.map(({ source, record }) => kit.codec.decode(source, record));
  const opened = await openAll(
    events.map((event) => ({
      value: eventJson(event.type, event.data as object),
      blocks: blocksOf(event),
      maySee: sight === 'open',
    })),
    reading,
    kit,
  );
  const last = page.at(-1);
  return {
    items: events.map((event, i) => itemOf(event, opened[i])),
    next: last === undefined || entries.length <= limit ? null : cursorOf(cursorSecret, question, last.place),
  };
};

const entriesOf = async (
  query: TimelineQuery,
  { log, codec }: { readonly log: EventLogReader; readonly codec: Codec },
): Promise<readonly Entry[]> => {
  const { source: asked, type, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = query;
  const sources = query.sources.filter((source) => asked === undefined || asked.includes(source));
  const read = sources.flatMap((source) =>
    query.keys.map(async (key) => ({ source, records: await log.readKey(source, key) })),
  );
  return (await Promise.all(read)).flatMap(({ source, records }) =>
    records.flatMap((record): readonly Entry[] => {
      const head = codec.peek(record.body);
      const wanted =
        (type === undefined || type.includes(head.type)) && head.occurredAt >= from && head.occurredAt < to;
      return wanted ? [{ place: [head.occurredAt, source, record.position], source, record }] : [];
    }),
  );
};

const blocksOf = (event: DecodedEvent): ReadonlyMap<string, SealedBlock> =>
  new Map(event.sealed === null ? [] : [[event.sealed.eventId, event.sealed]]);

const itemOf = (event: DecodedEvent, opened: Opened | undefined): z.output<typeof TimelineItem> => ({
  eventId: event.id,
  type: event.type,
  source: event.source,
  stream: event.stream,
  revision: event.revision,
  position: event.position,
  occurredAt: instantOut(event.occurredAt),
  recordedAt: instantOut(event.recordedAt),
  actor: event.meta.actor,
  data: (opened?.value ?? {}) as Record<string, unknown>,
  masked: { ...opened?.masked },
});

/** The parameter of a route to a customer's timeline. */
export const TimelineParams = z.object({ id: Id });
