// Says what is to be said about a customer: after each of his events, and when a day or a new generation calls for it.
import { isTenureError, streamOf, tenureNamespace, uuid5 } from '@tenure/core';
import { partitionOf } from '@tenure/event-log';
import type { DecodedEvent } from '@tenure/events';
import { CLOCK_SOURCE } from '@tenure/projections';
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
  /** Follows one event of a customer, unless it was followed before. @throws what may pass */
  follow(item: Item): Promise<void>;
  /**
   * A day has closed: looks at the customers at hand who were waiting for it, and at those whose rows owe something once
   * the projection has folded it. @throws what may pass
   */
  closeDay(partition: number, day: ClosedDay, position: number): Promise<void>;
  /** Looks at all customers whose rows owe something; `occasion` makes the command ids. @throws what may pass */
  settle(occasion: string): Promise<void>;
}

export type SpeakerDeps = FollowerDeps & {
  readonly marks: LaneMarks;
  readonly sources: readonly string[];
  readonly own: readonly string[];
};

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
  const { face, until, command } = follower.say(entry, { today: day, at, event });
  entry.saidOn = day.date;
  entry.until = until;
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
    customers: createCustomers({
      ...{ ...deps, definition: follower.projection, followed: marks.followed },
      dayEnd: (id) => marks.day(partitionOf(id, deps.log.partitions))?.end ?? 0,
    }),
    roots: createRoots(follower.projection, reader),
    turns: createTurns(),
    written: {},
  };
  return {
    async follow(item) {
      const event = eventOf(work, item);
      if (event === null || isFollowed(work, event)) return;
      await followOne(work, event, marks.mayBeKnown(item, item.record.seq));
      marks.follow(event.source, event.key, event.position);
    },
    async closeDay(partition, day, position) {
      const isMeant = (id: string): boolean => partitionOf(id, deps.log.partitions) === partition;
      await settleAll(work, work.customers.due(day.end).filter(isMeant), day.eventId);
      await owing(work, { [CLOCK_SOURCE]: position }, (ids) =>
        settleAll(work, ids.filter(isMeant), day.eventId),
      );
    },
    settle: (occasion) => owing(work, {}, (ids) => settleAll(work, ids, occasion)),
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
      if (passes(error)) throw error; // what was folded stays: the event comes again, and is said then
      work.customers.drop(id);
      failed(work, error);
    }
  });

/** It came again. A merge is looked at again: whoever it concerns is folded anew. */
const isFollowed = ({ deps, roots }: Work, { source, key, type, position }: DecodedEvent): boolean =>
  position <= deps.marks.followed(source, key) && !roots.concerns(source, type);

const followOne = async (work: Work, event: DecodedEvent, mayBeKnown: boolean): Promise<void> => {
  const { deps, customers, roots, written } = work;
  const { key, source, position } = event;
  const others = roots.hear(event);
  if (others.length > 0) deps.marks.follow(source, key, position); // whoever is folded anew now is folded with it
  for (const other of others) customers.drop(other);
  const root = await roots.of(key);
  await guarded(work, root, async (entry) => {
    const day = dayOf(work, root);
    const { awaited } = entry;
    if (awaited !== null && mayBeKnown && day !== undefined) {
      customers.fold(entry, event);
      if ('event' in awaited && awaited.event === event.id) await resume(work, entry, day, event.id);
      return;
    }
    entry.awaited = null;
    // A day may have passed since he was looked at: what it alone changes is said before the event changes more.
    if (day !== undefined && others.length === 0 && entry.events > 0 && entry.saidOn !== day.date)
      await say(deps, entry, ofDay(day, `${day.eventId} ${day.date}`), written);
    customers.fold(entry, event);
    if (day !== undefined) await say(deps, entry, ofEvent(day, event), written);
  });
};

/** The earlier run has come to here: from now on he is looked at as ever, and what it has left unsaid is said. */
const resume = (work: Work, entry: Entry, day: ClosedDay, eventId: string): Promise<void> => {
  entry.awaited = null;
  return say(work.deps, entry, ofDay(day, `after ${eventId}`), work.written);
};

/** As of the day that stands: for a day that has closed, its event is the occasion; whoever knows it already is not asked again. */
const settleAll = async (work: Work, ids: readonly string[], occasion: string): Promise<void> => {
  const problems = await atOnce(ids, (id) =>
    guarded(work, id, async (entry) => {
      const day = dayOf(work, id);
      if (day === undefined) return;
      const { awaited } = entry;
      if (awaited !== null && 'dayEnd' in awaited && awaited.dayEnd <= day.end) entry.awaited = null;
      if (entry.awaited === null)
        await say(work.deps, entry, ofDay(day, `${occasion} ${day.date}`), work.written);
    }),
  );
  if (problems.length > 0) throw problems[0];
};

/** The customers whose rows owe something, page by page, once the projection has folded these positions and all that was said. */
const owing = async (
  { deps: { follower, reader }, written }: Work,
  positions: Readonly<Record<string, number>>,
  look: (ids: readonly string[]) => Promise<void>,
): Promise<void> => {
  const { name } = follower.projection;
  await reader.waitFor(name, { ...written, ...positions }, MAX_FOLD_MS);
  for (let last: string | null = null; ;) {
    const rows: readonly { readonly id: string }[] = await reader.query(name, {
      filters: follower.owing,
      sort: { column: 'id', descending: false },
      after: last === null ? null : { value: last, id: last },
      limit: PAGE,
    });
    await look(rows.map(({ id }) => id));
    last = rows.at(-1)?.id ?? null;
    if (last === null || rows.length < PAGE) return;
  }
};
