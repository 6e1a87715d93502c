// The ports as one life of a process meets them: every call is delayed, and may fail, lose its answer or be its last.
import type { EventLog, Lane, LaneBatch, LogRecord } from '@tenure/event-log';
import type { EventStore, StoredEvent } from '@tenure/event-store';
import type { Generation, Reader, ReadModels } from '@tenure/read-models';
import type { CallKind, Life } from './faults.ts';
import type { Random } from './random.ts';

type Calls = Readonly<Record<string, unknown>>;
type Method = (...args: readonly unknown[]) => Promise<unknown>;

/** A port whose methods all answer with promises, under the faults of a life. Other properties stay as they are. */
export const faulty = <T extends object>(port: T, name: string, life: Life, kind: CallKind = 'faulty'): T =>
  Object.fromEntries(
    Object.entries(port as Calls).map(([key, value]) => [
      key,
      typeof value !== 'function'
        ? value
        : (...args: readonly unknown[]) =>
            // No port promises an error of `close`.
            life.call(
              `${name}.${key}`,
              () => (value as Method).apply(port, [...args]),
              key === 'close' ? 'sure' : kind,
            ),
    ]),
  ) as T;

/** Hands on what a port yields, each item as a call of its own. */
async function* handedOn<T>(
  items: AsyncIterable<T>,
  what: string,
  life: Life,
  kind: CallKind,
): AsyncGenerator<T> {
  for await (const item of items) yield await life.call(what, async () => item, kind);
}

export const faultyEventStore = (store: EventStore, life: Life): EventStore => ({
  ...faulty(store, 'store', life),
  async *readStream(stream, from) {
    const events = await life.call('store.readStream', async () => {
      const read: StoredEvent[] = [];
      for await (const event of store.readStream(stream, from)) read.push(event);
      return read;
    });
    yield* events;
  },
  follow: (after, signal) => handedOn(store.follow(after, signal), 'store.follow', life, 'faulty'),
});

export const faultyEventLog = (log: EventLog, life: Life): EventLog => ({
  ...faulty(log, 'log', life),
  // Tells who listens in the same process: there is nothing on the way that could fail.
  announce: (source, position) => life.call('log.announce', () => log.announce(source, position), 'sure'),
  subscribe: (group, topics, from, handler) =>
    log.subscribe(group, topics, from, async (batches) => {
      for (const part of handOver(batches, life))
        await life.call(`log.deliver ${described(part)}`, () => handler(part), 'sure');
    }),
  watermark: (source) => handedOn(log.watermark(source), 'log.watermark', life, 'sure'),
});

const described = (batches: readonly LaneBatch[]): string =>
  batches
    .map(({ lane, records }) => `${lane.source}/${lane.partition}:${records[0]?.seq}–${records.at(-1)?.seq}`)
    .join(' ');

/** How the batches arrive: together as they came, or in pieces, lanes in any order, some of it twice. Each lane keeps its order. */
const handOver = (batches: readonly LaneBatch[], life: Life): readonly (readonly LaneBatch[])[] => {
  const { random } = life.scheduler;
  const { reorder, duplicate } = life.rates();
  if (!random.chance(reorder)) return random.chance(duplicate) ? [batches, batches] : [batches];
  const queues = batches.map(({ lane, records }) => ({ lane, pieces: cut(records, random) }));
  const parts: LaneBatch[][] = [];
  for (;;) {
    const open = queues.filter(({ pieces }) => pieces.length > 0);
    if (open.length === 0) return parts;
    const { lane, pieces } = random.pick(open);
    const records = pieces.shift() ?? [];
    parts.push([{ lane, records }]);
    const earlier = random.chance(duplicate) ? random.pick(parts) : undefined;
    if (earlier !== undefined) parts.push(earlier);
  }
};

const cut = (records: readonly LogRecord[], random: Random): LogRecord[][] => {
  const pieces: LogRecord[][] = [];
  for (let from = 0; from < records.length;) {
    const size = 1 + random.below(records.length - from);
    pieces.push(records.slice(from, from + size));
    from += size;
  }
  return pieces;
};

export const laneName = ({ source, partition }: Lane): string => `${source}/${partition}`;

export const faultyReadModels = (models: ReadModels, life: Life): ReadModels => {
  const reader = (opened: Reader): Reader => faulty(opened, 'reader', life);
  const writer = (opened: Generation): Generation => faulty(opened, 'writer', life);
  const calls = faulty(models, 'models', life);
  return {
    ...calls,
    create: async (shape, about) => writer(await calls.create(shape, about)),
    openWriter: async (shape, generation) => writer(await calls.openWriter(shape, generation)),
    openReader: async (shape, generation) => reader(await calls.openReader(shape, generation)),
  };
};
