// Says what is to be said about a customer: after each of his events, and when a day or a new generation calls for it.
import { isTenureError, streamOf, tenureNamespace, uuid5 } from '@tenure/core';
import { partitionOf } from '@tenure/event-log';
import type { DecodedEvent } from '@tenure/events';
import type { StoredDocument } from '@tenure/read-models';
import { atOnce } from '../at-once.ts';
import { reactionCommandId } from '../commands/identity.ts';
import { createTurns, type Turns } from '../commands/turns.ts';
import { issuedRequest, passes, submitIssued } from '../issue.ts';
import { createCustomers, type Customers, type Entry } from './customers.ts';
import type { Item } from './items.ts';
import type { ClosedDay, LaneMarks } from './lane-marks.ts';
import { createRoots, type Roots } from './roots.ts';
import type { FollowerDeps } from './start.ts';

export interface Speaker {
  /** Follows one event of a customer. @throws what may pass */
  follow(item: Item): Promise<void>;
  /**
   * Looks at the customers whose rows owe something, once the projection has folded these positions and all that was
   * said. @throws what may pass
   */
  settle(
    positions: Readonly<Record<string, number>>,
    isMeant: (customerId: string) => boolean,
    occasionOf: (day: ClosedDay) => string,
  ): Promise<void>;
}

export type SpeakerDeps = FollowerDeps & { readonly marks: LaneMarks; readonly sources: readonly string[] };

/** The projection folds in milliseconds; where it does not, the day comes again. */
const MAX_FOLD_MS = 10_000;
/** Rows per question: days on which more owe something are rare. */
const PAGE = 500;
const NAMESPACE = tenureNamespace('follower');

/** Why something is said, when it counts as said (ms), and the command ids that follow from it. */
type Cause = {
  readonly day: ClosedDay;
  readonly at: number;
  readonly event: DecodedEvent | null;
  readonly commandId: (stream: string) => string;
};

const ofDay = (day: ClosedDay, occasion: string): Cause => ({
  day,
  at: day.end,
  event: null,
  commandId: (stream) => uuid5(NAMESPACE, occasion, stream),
});

// A fact that came late is judged on the day that stands: it cannot have been judged before.
const ofEvent = (day: ClosedDay, event: DecodedEvent): Cause => ({
  day,
  at: Math.max(event.occurredAt, day.end),
  event,
  commandId: (stream) => reactionCommandId(event.id, stream, 0),
});

/** Says what was not said before, and notes in `written` where it stands. */
const say = async (
  { follower, service, submit }: SpeakerDeps,
  entry: Entry,
  { day, at, event, commandId }: Cause,
  written: Record<string, number>,
): Promise<void> => {
  const { face, command } = follower.say(entry, { today: day, at, event });
  entry.saidOn = day.date;
  if (face === entry.face) return;
  entry.face = null; // not known again before it is durable
  const issued = await submitIssued(submit, {
    ...issuedRequest(service, command, {
      actor: { kind: 'process', id: follower.name },
      commandId: commandId(streamOf(command.aggregate, command.id)),
      occurredAt: at,
      causationId: event?.id,
      correlationId: event?.meta.correlationId,
      traceparent: event?.meta.traceparent,
    }),
    backfill: event?.meta.backfill === true,
  });
  if (issued.outcome === 'refused') return;
  entry.face = face;
  for (const [source, position] of Object.entries(issued.positions))
    written[source] = Math.max(written[source] ?? 0, position);
};

type Work = {
  readonly deps: SpeakerDeps;
  readonly customers: Customers;
  readonly roots: Roots;
  /** One customer at a time. */
  readonly turns: Turns;
  /** By source, the last position that this run has written: what the projection must know before it is asked. */
  readonly written: Record<string, number>;
};

export const createSpeaker = (deps: SpeakerDeps): Speaker => {
  const { follower, marks, reader } = deps;
  const work: Work = {
    deps,
    customers: createCustomers({ ...deps, definition: follower.projection, followed: marks.followed }),
    roots: createRoots(follower.projection, reader),
    turns: createTurns(),
    written: {},
  };
  return {
    async follow(item) {
      const event = eventOf(work, item);
      if (event === null) return;
      await followOne(work, event);
      marks.follow(event.source, event.key, event.position);
    },
    async settle(positions, isMeant, occasionOf) {
      await reader.waitFor(follower.projection.name, { ...work.written, ...positions }, MAX_FOLD_MS);
      for await (const rows of owingRows(deps)) {
        const meant = rows.filter(({ id }) => isMeant(id));
        const problems = await atOnce(meant, ({ id }) => settleOne(work, id, occasionOf));
        if (problems.length > 0) throw problems[0];
      }
    },
  };
};

const dayOf = ({ deps: { marks, log } }: Work, id: string): ClosedDay | undefined =>
  marks.day(partitionOf(id, log.partitions));

const failed = ({ deps }: Work, error: unknown): void =>
  deps.observe?.failed?.({ code: isTenureError(error) ? error.code : 'INTERNAL' });

/** Null for an event that is not followed, and for one that nobody can read: the projection parks its customer. */
const eventOf = (work: Work, { source, record }: Item): DecodedEvent | null => {
  const { codec } = work.deps;
  try {
    const { type } = codec.peek(record.body);
    const isFollowed = work.customers.handles(source, type) || work.roots.concerns(source, type);
    return isFollowed ? codec.decode(source, record) : null;
  } catch (error) {
    failed(work, error);
    return null;
  }
};

/** What nobody foresaw concerns this customer alone; the projection parks him for the same reason. */
const guarded = (work: Work, id: string, act: (entry: Entry) => Promise<void>): Promise<void> =>
  work.turns.take(id, async () => {
    try {
      await act(await work.customers.load(id));
    } catch (error) {
      work.customers.drop(id);
      if (passes(error)) throw error;
      failed(work, error);
    }
  });

const followOne = async (work: Work, event: DecodedEvent): Promise<void> => {
  const { deps, customers, roots, written } = work;
  const { key, source, position } = event;
  const others = roots.hear(event);
  if (others.length > 0) deps.marks.follow(source, key, position); // whoever is folded anew now is folded with it
  for (const other of others) customers.drop(other);
  const root = await roots.of(key);
  await guarded(work, root, async (entry) => {
    const day = dayOf(work, root);
    // A day may have passed since he was looked at: what it alone changes is said before the event changes more.
    if (day !== undefined && others.length === 0 && entry.events > 0 && entry.saidOn !== day.date)
      await say(deps, entry, ofDay(day, day.eventId), written);
    customers.fold(entry, event);
    if (day !== undefined) await say(deps, entry, ofEvent(day, event), written);
  });
};

const settleOne = (work: Work, id: string, occasionOf: (day: ClosedDay) => string): Promise<void> =>
  guarded(work, id, async (entry) => {
    const day = dayOf(work, id);
    if (day !== undefined) await say(work.deps, entry, ofDay(day, occasionOf(day)), work.written);
  });

/** The rows that owe something, page by page. */
async function* owingRows({ follower, reader }: SpeakerDeps): AsyncGenerator<readonly StoredDocument[]> {
  for (let last: string | null = null; ;) {
    const rows: readonly StoredDocument[] = await reader.query(follower.projection.name, {
      filters: follower.owing,
      sort: { column: 'id', descending: false },
      after: last === null ? null : { value: last, id: last },
      limit: PAGE,
    });
    if (rows.length > 0) yield rows;
    last = rows.at(-1)?.id ?? null;
    if (last === null || rows.length < PAGE) return;
  }
}
