// A follower at work: what has arrived is followed customer by customer, then the days that have closed; acknowledged only
// when all that was to be said is durable.
import { timerPause, type EventLog, type LaneBatch, type Pause } from '@tenure/event-log';
import type { Codec } from '@tenure/events';
import { BUSINESS_DAY_CLOSED, CLOCK_SOURCE, dayOf, type ProjectionReader } from '@tenure/projections';
import { atOnce } from '../at-once.ts';
import type { CommandBus } from '../command.ts';
import { ownSources } from '../deadlines/projection.ts';
import type { ServiceDefinition } from '../definition.ts';
import type { LaneDone, ReactionCheckpoints } from '../reactions/checkpoints.ts';
import { createReached, type Reached } from '../reactions/reached.ts';
import { waitForLog } from '../reactions/wait-for-log.ts';
import type { RunningReactions } from '../reactions/start.ts';
import type { Follower } from './follower.ts';
import { inOrder, type Item } from './items.ts';
import { openMarks, type ClosedDay, type LaneMarks } from './lane-marks.ts';
import { createSpeaker, type Speaker } from './speaker.ts';

export type FollowerDeps = {
  readonly service: ServiceDefinition;
  readonly follower: Follower;
  readonly log: Pick<
    EventLog,
    'subscribe' | 'read' | 'readKey' | 'head' | 'headPosition' | 'partitions' | 'watermark'
  >;
  /** Position of the newest event in the store of a source. */
  readonly written: (source: string) => Promise<number>;
  readonly codec: Codec;
  /** Knows the projection that is followed. */
  readonly reader: Pick<ProjectionReader, 'load' | 'query' | 'generation' | 'waitFor'>;
  readonly checkpoints: ReactionCheckpoints;
  readonly submit: CommandBus['submit'];
  readonly pause?: Pause;
  readonly observe?: FollowerNews;
};

export type FollowerNews = {
  /**
   * About a customer nothing could be said. The projection parks him for the same reason; he is looked at again with his
   * next event, with the next day that has something to say, and by the next generation.
   */
  readonly failed?: (about: { readonly code: string }) => void;
  /** What a new generation owes could not be said: it is tried again. */
  readonly waiting?: (about: { readonly code: string }) => void;
};

/** `reached` does not wait while there is no active generation of this code: then nothing is said. */
export type RunningFollower = Pick<RunningReactions, 'topics' | 'seq' | 'reached' | 'ended' | 'stop'>;

type Work = FollowerDeps & {
  readonly marks: LaneMarks;
  readonly speaker: Speaker;
  readonly pause: Pause;
  readonly stopping: AbortSignal;
  readonly reached: Reached;
  /** All that an earlier run has said stands in the log. */
  readonly relayed: () => Promise<unknown>;
};

/** Starts to follow where the last run has acknowledged. */
export const startFollower = async (deps: FollowerDeps): Promise<RunningFollower> => {
  const { service, follower, log, checkpoints } = deps;
  const own = ownSources(service);
  const sources = Object.keys(follower.projection.slices).filter((source) => !own.includes(source));
  const topics = [...sources, CLOCK_SOURCE];
  const stopping = new AbortController();
  const pause = deps.pause ?? timerPause;
  // A log that was put back is followed from its end.
  await waitForLog({ log, checkpoints, pause }, topics);
  const marks = await openMarks(deps, topics);
  const speaker = createSpeaker({ ...deps, marks, sources, own });
  const reached = createReached(marks.seq);
  const relayed = untilDone(() => Promise.all(own.map((source) => reachesLog(deps, source))));
  relayed().catch(() => {}); // begun before anything new is said; who needs it asks again
  const work: Work = { ...deps, marks, speaker, pause, reached, relayed, stopping: stopping.signal };
  const subscription = await log.subscribe(
    `follow-${follower.name}`,
    topics,
    async (lane) => (await checkpoints.seq(lane)) + 1,
    (batches) => handle(work, batches),
  );
  const settling = keepSettling(work);
  return {
    topics,
    // Nothing is said while there is no active generation of this code: then nothing waits to be said either.
    seq: (lane) => (generationServed(work) === null ? Number.MAX_SAFE_INTEGER : marks.seq(lane)),
    reached: async (places, signal) => {
      if (generationServed(work) !== null) await reached.wait(places, signal);
    },
    ended: subscription.ended,
    async stop() {
      stopping.abort();
      await subscription.stop();
      await settling;
    },
  };
};

const reachesLog = async ({ log, written }: FollowerDeps, source: string): Promise<void> => {
  const position = await written(source);
  if (position === 0) return;
  for await (const mark of log.watermark(source)) if (mark.position >= position) return;
};

/** Runs once for all who ask; after a failure the next who asks begins anew. */
const untilDone = (run: () => Promise<unknown>): (() => Promise<unknown>) => {
  let running: Promise<unknown> | null = null;
  return () => {
    running ??= run().catch((error: unknown) => {
      running = null;
      throw error;
    });
    return running;
  };
};

/** An activation is seen within a second. */
const LOOK_MS = 500;

/** Only the active generation of this very code has something to say; null: there is none. */
const generationServed = ({ reader, follower }: Work): number | null => {
  const served = reader.generation(follower.projection.name);
  return served === null || served.stale ? null : served.generation;
};

/** Waits for it; null when stopped. */
const servedGeneration = async (work: Work): Promise<number | null> => {
  while (!work.stopping.aborted) {
    const generation = generationServed(work);
    if (generation !== null) return generation;
    await work.pause(LOOK_MS, work.stopping);
  }
  return null;
};

/** Rejects when something has to come again: the log backs off and hands the same batches over. */
const handle = async (work: Work, batches: readonly LaneBatch[]): Promise<void> => {
  if ((await servedGeneration(work)) === null) throw new Error('stopped'); // nothing was followed: it comes again
  await work.relayed();
  const { codec, marks } = work;
  const fresh = batches.map(({ lane, records }) => ({
    lane,
    records: records.filter(({ seq }) => seq > marks.seq(lane)),
  }));
  const partitions = inOrder(fresh, ({ body }) => codec.peek(body).recordedAt);
  const problems = await atOnce([...partitions], ([partition, items]) =>
    followPartition(work, partition, items),
  );
  if (problems.length > 0) throw problems[0];
  const lanes = fresh.flatMap(({ lane, records }): readonly LaneDone[] => {
    const last = records.at(-1);
    return last === undefined ? [] : [{ ...lane, seq: last.seq, position: last.position }];
  });
  await work.checkpoints.save({ lanes, parked: [], released: [] });
  marks.acknowledge(lanes);
  work.reached.moved();
};

/** Customers side by side up to each closed day, then the day. */
const followPartition = async (work: Work, partition: number, items: readonly Item[]): Promise<void> => {
  let waiting: Item[] = [];
  for (const item of items) {
    const day = item.source === CLOCK_SOURCE ? closedDay(work.codec, item) : null;
    if (item.source !== CLOCK_SOURCE) waiting.push(item);
    if (day === null) continue;
    await followCustomers(work, waiting);
    waiting = [];
    await closeDay(work, partition, day, item.record.position);
  }
  await followCustomers(work, waiting);
};

/** A clock event that nobody can read is nobody's: the next day says what it should have. */
const closedDay = (codec: Codec, { record }: Item): ClosedDay | null => {
  try {
    if (codec.peek(record.body).type !== BUSINESS_DAY_CLOSED) return null;
    const event = codec.decode(CLOCK_SOURCE, record);
    return { ...dayOf(event), eventId: event.id };
  } catch {
    return null;
  }
};

const followCustomers = async ({ speaker }: Work, items: readonly Item[]): Promise<void> => {
  const byCustomer = new Map<string, Item[]>();
  for (const item of items) {
    const known = byCustomer.get(item.record.key);
    if (known === undefined) byCustomer.set(item.record.key, [item]);
    else known.push(item);
  }
  const problems = await atOnce([...byCustomer.values()], async (own) => {
    for (const item of own) await speaker.follow(item);
  });
  if (problems.length > 0) throw problems[0];
};

const closeDay = async (work: Work, partition: number, day: ClosedDay, position: number): Promise<void> => {
  const { speaker, marks } = work;
  const before = marks.day(partition);
  if (before !== undefined && before.date > day.date) return; // it came again, and a later one stands
  marks.close(partition, day);
  await speaker.closeDay(partition, day, position);
};

/** Says once what each new generation owes: after an activation, and after a start. */
const keepSettling = async (work: Work): Promise<void> => {
  const { speaker, pause, stopping, observe } = work;
  let settled: number | null = null;
  while (!stopping.aborted) {
    const generation = await servedGeneration(work);
    if (generation !== null && generation !== settled)
      try {
        await work.relayed();
        await speaker.settle(`generation ${generation}`);
        settled = generation;
      } catch (error) {
        observe?.waiting?.({ code: codeOf(error) }); // tried again after the pause
      }
    await pause(LOOK_MS, stopping);
  }
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'INTERNAL';
