// One generation open for folding: what the loop, the re-folds and the checks of it share.
import { isTenureError, TenureError } from '@tenure/core';
import type { Clock } from '@tenure/core';
import { backOff, type EventLog, type LogRecord, type Pause } from '@tenure/event-log';
import type { Codec } from '@tenure/events';
import type { KeyStore } from '@tenure/keys';
import type { AbsorptionRow, Commit, DocumentWrite, Generation, ParkedRow } from '@tenure/read-models';
import { changeNotes, type ChangeNotes } from './changes.ts';
import { absorptionsOf, type Absorptions } from './absorptions.ts';
import { BUSINESS_DAY_CLOSED, CLOCK_SOURCE, dayOf, type Day } from './day.ts';
import { exclusive, type Exclusive } from './exclusive.ts';
import { hotDocuments, type HotDocuments } from './hot-documents.ts';
import { laneProgress, type LaneProgress } from './lanes.ts';
import type { LiveDocument } from './live-document.ts';
import { settleDocument, type RenderContext } from './render.ts';
import type { Rules } from './rules.ts';
import { personsOf, type SearchHashes } from './search-index.ts';

/** The ports that folding needs. */
export type Engine = {
  readonly log: EventLog;
  readonly codec: Codec;
  readonly keys: Pick<KeyStore, 'load'>;
  readonly searchHashes: SearchHashes;
  /** Wall time, for the engine's own bookkeeping: no document depends on it. */
  readonly clock: Clock;
  readonly pause: Pause;
};

export type Model = {
  readonly rules: Rules;
  readonly generation: Generation;
  readonly lanes: LaneProgress;
  /** The last closed business day by partition. */
  readonly days: Map<number, Day>;
  /** Rows of parked and of skipped customers. */
  readonly parked: Map<string, ParkedRow>;
  readonly absorptions: Absorptions;
  readonly hot: HotDocuments;
  readonly turn: Exclusive;
  /** Which documents have changed; what is served notes it where somebody listens. */
  changes: ChangeNotes;
  /** Grows with every commit: what was computed from the documents before is then out of date. */
  revision: number;
  /** The store may be ahead of what is known here: a commit was not answered. */
  unsure: boolean;
  /** Some documents may know a day that the checkpoints do not: it is closed half-way. */
  betweenDays: boolean;
};

/** What it takes to learn the day of a partition. */
export type ClockReading = {
  readonly log: Pick<EventLog, 'read' | 'head' | 'partitions'>;
  readonly codec: Codec;
};

/** Reads where a generation stands. The caller closes the generation. */
export const openModel = async (
  engine: ClockReading,
  rules: Rules,
  generation: Generation,
): Promise<Model> => {
  const lanes = laneProgress(await generation.checkpoints());
  const days = new Map<number, Day>();
  for (let partition = 0; partition < engine.log.partitions; partition++) {
    const seq = lanes.seq({ source: CLOCK_SOURCE, partition });
    const day = await dayAt(engine, partition, seq);
    if (day !== null) days.set(partition, day);
  }
  const parked = new Map((await generation.parked()).map((row) => [row.key, row]));
  const memory = {
    hot: hotDocuments(),
    turn: exclusive(),
    changes: changeNotes(() => false),
    revision: 0,
    unsure: false,
  };
  const absorptions = absorptionsOf(await storedAbsorptions(rules, generation));
  const betweenDays = rules.topics.includes(CLOCK_SOURCE) && (await hasDayToClose(engine, lanes));
  return { rules, generation, lanes, days, parked, absorptions, betweenDays, ...memory };
};

const storedAbsorptions = async (
  { definition }: Rules,
  generation: Generation,
): Promise<readonly AbsorptionRow[]> => (definition.merges === undefined ? [] : generation.absorptions());

/** Then it may have been begun before the last stop. */
export const hasDayToClose = async (
  { log }: { readonly log: Pick<EventLog, 'head' | 'partitions'> },
  lanes: LaneProgress,
): Promise<boolean> => {
  for (let partition = 0; partition < log.partitions; partition++) {
    const lane = { source: CLOCK_SOURCE, partition };
    if ((await log.head(lane)) > lanes.seq(lane)) return true;
  }
  return false;
};

/** Records looked at in one step on the way back to the last closed day. */
const LOOK_BACK = 64;

/** The last day closed at or before a record of a clock lane; null before the first. */
export const dayAt = async (
  { log, codec }: ClockReading,
  partition: number,
  seq: number,
): Promise<Day | null> => {
  for (let end = seq; end > 0; end -= LOOK_BACK) {
    const from = Math.max(1, end - LOOK_BACK + 1);
    const records = await log.read({ source: CLOCK_SOURCE, partition }, from, end - from + 1);
    for (const record of records.toReversed()) {
      const day = dayOfRecord(codec, record);
      if (day !== null) return day;
    }
  }
  return null;
};

/** Null for what closes no day. A clock event that cannot be read is nobody's: the next day repairs what it missed. */
export const dayOfRecord = (codec: Codec, record: LogRecord): Day | null => {
  try {
    return codec.peek(record.body).type === BUSINESS_DAY_CLOSED
      ? dayOf(codec.decode(CLOCK_SOURCE, record))
      : null;
  } catch (error) {
    if (isTenureError(error, 'UNDECODABLE')) return null;
    throw error;
  }
};

/** What renders documents of a partition as of the day folded there. */
export const renderContext = async (
  engine: Pick<Engine, 'keys' | 'codec' | 'searchHashes'>,
  rules: Rules,
  documents: Iterable<LiveDocument>,
): Promise<Omit<RenderContext, 'day'>> => {
  const persons = rules.definition.search === undefined ? [] : personsOf(documents);
  const keys = persons.length === 0 ? new Map() : await engine.keys.load(persons);
  return { keys, codec: engine.codec, searchHashes: engine.searchHashes };
};

const NOTHING: Commit = {
  documents: [],
  remove: [],
  checkpoints: [],
  park: [],
  unpark: [],
  refold: [],
  refolded: [],
};

/** A document in memory with what is to be stored of it. */
export type Written = { readonly live: LiveDocument; readonly write: DocumentWrite };

/**
 * Writes atomically, then lets the model's own memory follow. When the store fails nothing in memory has moved: the
 * documents were taken out of the cache, and the same batch comes again.
 */
export const commit = async (
  model: Model,
  written: readonly Written[],
  rest: Partial<Commit> = {},
): Promise<void> => {
  const whole: Commit = {
    ...NOTHING,
    ...rest,
    documents: [...written.map(({ write }) => write), ...(rest.documents ?? [])],
  };
  for (const { id } of whole.documents) model.hot.drop(id);
  model.unsure = true;
  await model.generation.commit(whole);
  model.unsure = false;
  model.revision++;
  model.changes.note(written, [...(rest.documents ?? []), ...whole.remove.map(gone)]);
  model.lanes.advance(whole.checkpoints);
  for (const key of whole.unpark) model.parked.delete(key);
  for (const row of whole.park) model.parked.set(row.key, row);
  for (const id of whole.remove) model.hot.drop(id);
  for (const { live, write } of written) {
    settleDocument(live, write);
    model.hot.put(live);
  }
};

const gone = (id: string): Pick<DocumentWrite, 'id' | 'vector'> => ({ id, vector: {} });

/** What a commit that was not answered may have changed is read anew before anything else is done with the model. */
export const resync = async (engine: ClockReading, model: Model): Promise<void> => {
  if (!model.unsure) return;
  model.changes.lose();
  const { generation, lanes, parked, days } = model;
  const before = new Map(lanes.all().map((lane) => [laneName(lane), lane.seq]));
  const stored = await generation.checkpoints();
  const rows = await generation.parked();
  const absorptions = await storedAbsorptions(model.rules, generation);
  for (const lane of stored) {
    if (lane.source !== CLOCK_SOURCE || before.get(laneName(lane)) === lane.seq) continue;
    const day = await dayAt(engine, lane.partition, lane.seq);
    if (day !== null) days.set(lane.partition, day);
  }
  lanes.advance(stored);
  model.absorptions.replace(absorptions);
  parked.clear();
  for (const row of rows) parked.set(row.key, row);
  model.revision++;
  model.unsure = false;
};

const laneName = ({ source, partition }: { readonly source: string; readonly partition: number }): string =>
  `${source}/${partition}`;

/** A turn in which the store holds what is known here. */
export const sureTurn = <T>(engine: ClockReading, model: Model, task: () => Promise<T>): Promise<T> =>
  model.turn(async () => {
    await resync(engine, model);
    return task();
  });

/** With the log's back-off this is a minute and a half; nobody waits longer for a day to be closed. */
const WHOLE_DAY_ATTEMPTS = 11;

/** The same between days: while one is being closed, some documents are already of the next. @throws UNAVAILABLE (retriable) */
export const wholeDayTurn = async <T>(
  engine: ClockReading & Pick<Engine, 'pause'>,
  model: Model,
  task: () => Promise<T>,
): Promise<T> => {
  const { signal } = new AbortController();
  for (let attempt = 0; attempt < WHOLE_DAY_ATTEMPTS; attempt++) {
    const done = await sureTurn(engine, model, async () =>
      model.betweenDays ? null : { result: await task() },
    );
    if (done !== null) return done.result;
    await engine.pause(backOff(attempt), signal);
  }
  const { name } = model.rules.definition;
  throw new TenureError(
    'UNAVAILABLE',
    `${name} is closing a business day and does not get on; see its health and try again.`,
    { projection: name },
    { retriable: true },
  );
};
