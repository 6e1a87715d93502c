// The news of a process for live streams: changes of customers, states of projections, and who listens to them. While
// nobody does, and nobody may come back, the pipeline is not asked to tell anything.
import { TenureError } from '@tenure/core';
import type { Progress } from '@tenure/projections';
import type { Timer } from './audit.ts';
import type { LiveReader } from './server-sent-events.ts';
import { changeBuffer, KEPT_MS, type ChangeBuffer } from './stream-buffer.ts';

export type ProjectionNews = { readonly name: string; readonly state: string; readonly lag: number };

export type NewsParts = {
  /** The projection whose documents are the customers. */
  readonly projection: string;
  /** Asks for changes to be named, or no more; resolves when every commit from then on is. */
  readonly listen: (on: boolean) => Promise<void>;
  readonly projections: () => Promise<readonly ProjectionNews[]>;
  /** Wall time, ms. */
  readonly now: () => number;
  readonly timer: Timer;
  /** A word that no earlier stretch of listening had: cursors of those mean nothing now. */
  readonly newEpoch: () => string;
};

/** What a reader asks for. */
export type Wanted = {
  readonly customers: 'all' | 'none' | ReadonlySet<string>;
  readonly projections: 'all' | 'none' | ReadonlySet<string>;
  /** Which of these customers the reader may see now. */
  readonly sight: (customerIds: readonly string[]) => Promise<(customerId: string) => boolean>;
  /** Last-Event-ID. */
  readonly lastId: string | undefined;
};

export type News = {
  /** Told by the pipeline after each commit, when the documents can be read. */
  committed(progress: Pick<Progress, 'projection' | 'generation' | 'changes'>): void;
  /** Takes a place for a reader of this principal. @throws TOO_MANY_REQUESTS for one too many, UNAVAILABLE */
  join(sub: string): Promise<Place>;
};

export type Place = {
  /** Feeds a reader from now on, or from where it left; answers what gives the place back. */
  readonly feed: (reader: LiveReader, wanted: Wanted) => () => void;
  /** Gives back a place that nobody was fed at. */
  readonly leave: () => void;
  /** Where the reader stands. */
  readonly cursor: () => string;
};

/** Tabs and programs of one person; each stream is a connection and a share of every commit. */
export const MAX_STREAMS = 20;
/** How often projections are looked at while somebody watches them. */
export const LOOK_MS = 1_000;
/** Customers per question about rights. */
const PAGE = 500;

type Reading = {
  readonly reader: LiveReader;
  readonly wanted: Wanted;
  /** seq of the last change that was told, or not meant for this reader. */
  at: number;
  busy: boolean;
  /** What was last told of each projection. */
  readonly told: Map<string, string>;
};

type State = {
  readonly parts: NewsParts;
  readonly readings: Set<Reading>;
  readonly places: Map<string, number>;
  buffer: ChangeBuffer;
  epoch: string;
  generation: number | null;
  listening: Promise<void> | null;
  stopWaiting: (() => void) | null;
  looking: boolean;
};

export const openNews = (parts: NewsParts): News => {
  const state: State = {
    parts,
    readings: new Set(),
    places: new Map(),
    buffer: changeBuffer({ ...parts, moved: () => pumpAll(state) }),
    epoch: parts.newEpoch(),
    generation: null,
    listening: null,
    stopWaiting: null,
    looking: false,
  };
  return {
    committed({ projection, generation, changes }) {
      if (projection !== parts.projection) return;
      const before = state.generation;
      state.generation = generation;
      if (state.listening === null) return;
      // Another generation may say something else of every customer.
      if (changes === null || (before !== null && before !== generation)) state.buffer.everything();
      else state.buffer.add(changes);
    },
    join: (sub) => join(state, sub),
  };
};

const join = async (state: State, sub: string): Promise<Place> => {
  const taken = state.places.get(sub) ?? 0;
  if (taken >= MAX_STREAMS)
    throw new TenureError(
      'TOO_MANY_REQUESTS',
      `There are ${MAX_STREAMS} live streams of this principal already. Close one, or name several customers in one stream.`,
    );
  state.places.set(sub, taken + 1);
  state.stopWaiting?.();
  state.stopWaiting = null;
  let here = true;
  const leave = (): void => {
    if (!here) return;
    here = false;
    const left = (state.places.get(sub) ?? 1) - 1;
    if (left > 0) state.places.set(sub, left);
    else state.places.delete(sub);
    if (state.places.size === 0) state.stopWaiting = state.parts.timer(() => deafen(state), KEPT_MS);
  };
  try {
    await (state.listening ??= state.parts.listen(true));
  } catch (error) {
    state.listening = null;
    leave();
    throw error;
  }
  let reading: Reading | undefined;
  return {
    leave,
    cursor: () => cursorAt(state, reading?.at ?? state.buffer.head()),
    feed(reader, wanted) {
      reading = begin(state, reader, wanted);
      const begun = reading;
      return () => {
        state.readings.delete(begun);
        leave();
      };
    },
  };
};

/** Nobody has listened for as long as a reader may come back. */
const deafen = (state: State): void => {
  state.stopWaiting = null;
  state.listening = null;
  state.epoch = state.parts.newEpoch();
  state.buffer = changeBuffer({ ...state.parts, moved: () => pumpAll(state) });
  // A pipeline that does not hear this goes on telling, and is not listened to.
  state.parts.listen(false).catch(() => undefined);
};

const cursorAt = ({ epoch }: State, seq: number): string => `${epoch}.${seq.toString(36)}`;

/** seq of a cursor of ours that can still be gone on from; null: load afresh. */
const seqOf = ({ epoch, buffer }: State, cursor: string): number | null => {
  const [named, digits = ''] = cursor.split('.');
  const seq = /^[0-9a-z]{1,10}$/.test(digits) ? Number.parseInt(digits, 36) : Number.NaN;
  return named === epoch && seq >= buffer.gone() && seq <= buffer.head() ? seq : null;
};

const begin = (state: State, reader: LiveReader, wanted: Wanted): Reading => {
  const from = wanted.lastId === undefined ? state.buffer.head() : seqOf(state, wanted.lastId);
  const at = from ?? state.buffer.head();
  const reading: Reading = { reader, wanted, at, busy: false, told: new Map() };
  if (from === null) reset(state, reading);
  else reader.mark(cursorAt(state, at));
  state.readings.add(reading);
  void pump(state, reading);
  if (wanted.projections !== 'none') void look(state);
  return reading;
};

const reset = (state: State, { reader, at }: Reading): void => {
  reader.send({ id: cursorAt(state, at), event: 'reset', data: {} });
};

const pumpAll = (state: State): void => {
  for (const reading of state.readings) void pump(state, reading);
};

/** Tells a reader what it has not been told. One at a time per reader; what comes meanwhile is found at the next look. */
const pump = async (state: State, reading: Reading): Promise<void> => {
  if (reading.busy) return;
  reading.busy = true;
  try {
    while (state.readings.has(reading) && reading.at < state.buffer.head()) await step(state, reading);
  } catch {
    reading.reader.end(); // rights could not be looked up: the reader comes back and asks again
  } finally {
    reading.busy = false;
  }
};

const step = async (state: State, reading: Reading): Promise<void> => {
  const { buffer } = state;
  const { customers, sight } = reading.wanted;
  if (reading.at < buffer.gone()) {
    reading.at = buffer.head();
    reset(state, reading);
    return;
  }
  const page = buffer.after(reading.at, PAGE);
  const named = page.filter(({ id }) => isWanted(customers, id));
  const seen = named.length === 0 ? () => false : await sight(named.map(({ id }) => id));
  for (const { id, sources, position, seq } of named) {
    if (!seen(id)) continue;
    const data = { customerId: id, sources, position };
    if (!reading.reader.send({ id: cursorAt(state, seq), event: 'customer', data })) return;
  }
  reading.at = page.at(-1)?.seq ?? buffer.head();
};

const isWanted = (wanted: Wanted['customers'], name: string): boolean =>
  wanted === 'all' || (wanted !== 'none' && wanted.has(name));

/** Looks at the projections as long as somebody watches them. */
const look = async (state: State): Promise<void> => {
  if (state.looking) return;
  state.looking = true;
  try {
    tellProjections(state, await state.parts.projections());
  } catch {
    // the next look is a second away; what is wrong with the pipeline is told by readiness
  }
  state.parts.timer(() => {
    state.looking = false;
    if ([...state.readings].some(({ wanted }) => wanted.projections !== 'none')) void look(state);
  }, LOOK_MS);
};

const tellProjections = ({ readings }: State, projections: readonly ProjectionNews[]): void => {
  for (const { reader, wanted, told } of readings)
    for (const { name, state, lag } of projections) {
      const text = `${state} ${lag}`;
      if (!isWanted(wanted.projections, name) || told.get(name) === text) continue;
      told.set(name, text);
      reader.send({ event: 'projection', data: { name, state, lag } });
    }
};
