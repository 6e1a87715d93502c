// The reactions of a service at work: every lane in order per customer, acknowledged only when all of it is done.
import {
  timerPause,
  type EventLog,
  type Lane,
  type LaneBatch,
  type LogRecord,
  type Pause,
} from '@tenure/event-log';
import { atOnce } from '../at-once.ts';
import { createTurns, type Turns } from '../commands/turns.ts';
import type { ServiceDefinition } from '../definition.ts';
import { passes } from '../issue.ts';
import type { LaneDone, ParkedReaction, ReactionCheckpoints } from './checkpoints.ts';
import { createParking, type Parking } from './parking.ts';
import { concerns, listenersOf, reactTo, topicsOf, type Listeners, type ReactDeps } from './react.ts';
import { waitForLog } from './wait-for-log.ts';
import { createReached, type LanePlace, type Reached } from './reached.ts';

export type ReactionDeps = Omit<ReactDeps, 'refused'> & {
  readonly service: ServiceDefinition;
  readonly log: Pick<EventLog, 'subscribe' | 'readKey' | 'read' | 'head' | 'headPosition' | 'partitions'>;
  readonly checkpoints: ReactionCheckpoints;
  /** Machine time (ms): when a customer was parked. */
  readonly now: () => number;
  readonly pause?: Pause;
  /** Told of parked customers and of refused commands, for logs and metrics. */
  readonly observe?: {
    readonly parked?: (row: ParkedReaction) => void;
    readonly refused?: ReactDeps['refused'];
  };
};

export interface RunningReactions {
  parked(): readonly ParkedReaction[];
  /** Reacts anew to everything a parked customer waits with. False: it failed again, or he is not parked. */
  retry(key: string): Promise<boolean>;
  /** The sources that are read. */
  readonly topics: readonly string[];
  /** The last record of a lane that is done with; undefined: none yet. */
  seq(lane: Lane): number | undefined;
  /** Resolves when everything up to these places is reacted to, or waits with a parked customer. Rejects as `signal` aborts. */
  reached(places: readonly LanePlace[], signal: AbortSignal): Promise<void>;
  /** Resolves when the loop has ended. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

type Work = {
  readonly deps: ReactionDeps;
  readonly react: ReactDeps;
  readonly listeners: Listeners;
  readonly parking: Parking;
  /** One customer at a time, also between the loop and a retry. */
  readonly turns: Turns;
  readonly saving: Turns;
  /** By parked customer, the attempt that was told of: an event that waits with him is no news. */
  readonly told: Map<string, number>;
  /** Places done since the last acknowledgement: a batch that comes again does not submit them again. */
  readonly done: Set<string>;
  /** By lane, the last seq that is acknowledged: older records that are handed over again are no news. */
  readonly acknowledged: Map<string, number>;
  readonly reached: Reached;
};

/** A service that reacts to nothing. */
const idle: RunningReactions = {
  topics: [],
  seq: () => undefined,
  reached: async () => {},
  parked: () => [],
  retry: async () => false,
  ended: Promise.resolve(),
  stop: async () => {},
};

/** Starts the reactions of one service. Customers parked by an earlier run are tried once more. */
export const startReactions = async (deps: ReactionDeps): Promise<RunningReactions> => {
  const acknowledged = new Map<string, number>();
  const work: Work = {
    deps,
    react: { ...deps, refused: deps.observe?.refused ?? (() => {}) },
    listeners: listenersOf(deps.service),
    parking: createParking(deps.service.name, await deps.checkpoints.parked()),
    turns: createTurns(),
    saving: createTurns(),
    told: new Map(),
    done: new Set(),
    acknowledged,
    reached: createReached((lane) => acknowledged.get(laneName(lane))),
  };
  const topics = topicsOf(deps.service);
  await waitForLog({ pause: timerPause, ...deps }, topics);
  for (const { key } of work.parking.rows()) await retry(work, key);
  if (topics.length === 0) return idle;
  const subscription = await deps.log.subscribe(
    `reactions-${deps.service.name}`,
    topics,
    async (lane) => {
      const seq = await deps.checkpoints.seq(lane);
      work.acknowledged.set(laneName(lane), seq);
      return seq + 1;
    },
    (batches) => handle(work, batches),
  );
  return {
    topics,
    seq: (lane) => acknowledged.get(laneName(lane)),
    reached: work.reached.wait,
    parked: work.parking.rows,
    retry: (key) => retry(work, key),
    ended: subscription.ended,
    stop: () => subscription.stop(),
  };
};

type Arrived = { readonly source: string; readonly record: LogRecord };

/** Rejects when something has to come again: the log backs off and hands the same batches over. */
const handle = async (work: Work, batches: readonly LaneBatch[]): Promise<void> => {
  const byCustomer = new Map<string, Arrived[]>();
  for (const { lane, records } of batches)
    for (const record of records) {
      if (record.seq <= acknowledged(work, lane) || !mayConcern(work, lane.source, record)) continue;
      const waiting = byCustomer.get(record.key);
      if (waiting === undefined) byCustomer.set(record.key, [{ source: lane.source, record }]);
      else waiting.push({ source: lane.source, record });
    }
  const problems = await atOnce([...byCustomer], ([key, arrived]) =>
    work.turns.take(key, () => reactInOrder(work, key, arrived)),
  );
  const lanes = batches.flatMap(({ lane, records }): readonly LaneDone[] => {
    const last = records.at(-1);
    return last === undefined || last.seq <= acknowledged(work, lane)
      ? []
      : [{ ...lane, seq: last.seq, position: last.position }];
  });
  await save(work, problems.length > 0 ? [] : lanes);
  if (problems.length > 0) throw problems[0];
  for (const lane of lanes) work.acknowledged.set(laneName(lane), lane.seq);
  work.done.clear();
  work.reached.moved();
};

const laneName = ({ source, partition }: Lane): string => `${source}/${partition}`;

const acknowledged = (work: Work, lane: Lane): number => work.acknowledged.get(laneName(lane)) ?? 0;

/** An event that nobody can read concerns whoever reacts to this source: its customer is parked when it is decoded. */
const mayConcern = (work: Work, source: string, record: LogRecord): boolean => {
  try {
    return concerns(work.deps.codec, work.listeners, source, record);
  } catch {
    return true; // decoding throws again, where the customer can be parked
  }
};

const placeOf = ({ source, record }: Arrived): string => `${source}/${record.position}`;

/** @throws what may pass; everything else parks the customer, and the rest of his events wait with him. */
const reactInOrder = async (work: Work, key: string, arrived: readonly Arrived[]): Promise<void> => {
  for (const event of arrived) {
    const place = placeOf(event);
    const at = { source: event.source, position: event.record.position };
    if (work.done.has(place)) continue;
    if (work.parking.has(key)) work.parking.wait(key, at);
    else
      try {
        await reactTo(work.react, work.deps.service, work.listeners, event.source, event.record);
      } catch (error) {
        if (passes(error)) throw error;
        work.parking.park(key, at, error, work.deps.now());
      }
    work.done.add(place);
  }
};

const retry = (work: Work, key: string): Promise<boolean> =>
  work.turns.take(key, async () => {
    const row = work.parking.get(key);
    if (row === undefined) return false;
    const released = await reactToWaiting(work, row);
    await save(work, []);
    return released;
  });

/** One write at a time; what could not be written is written with the next one. */
const save = (work: Work, lanes: readonly LaneDone[]): Promise<void> =>
  work.saving.take('checkpoints', async () => {
    const changes = work.parking.changes();
    try {
      await work.deps.checkpoints.save({ lanes, ...changes });
    } catch (error) {
      work.parking.unsaved(changes);
      throw error;
    }
    for (const row of changes.parked) {
      if (work.told.get(row.key) !== row.attempts) work.deps.observe?.parked?.(row);
      work.told.set(row.key, row.attempts);
    }
    for (const key of changes.released) work.told.delete(key);
  });

/** What came twice (here and from the lane) changes nothing: command ids are derived. */
const reactToWaiting = async (work: Work, row: ParkedReaction): Promise<boolean> => {
  const { deps, parking } = work;
  for (const [source, from] of Object.entries(row.from))
    for (const record of await deps.log.readKey(source, row.key)) {
      if (record.position < from || !mayConcern(work, source, record)) continue;
      try {
        await reactTo(work.react, deps.service, work.listeners, source, record);
      } catch (error) {
        const at = { source, position: record.position };
        if (!passes(error)) parking.park(row.key, at, error, deps.now()); // otherwise it says nothing new about him
        return false;
      }
    }
  parking.release(row.key);
  return true;
};
