// Logs and stores that benchmarks read: generated once through the real adapters, kept under .data/bench.
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { partitionOf, type LogRecord } from '../../packages/event-log/src/index.ts';
import { openSegments } from '../../packages/event-log/src/segments/index.ts';
import { openSqliteEventStore } from '../../packages/event-store/src/sqlite/index.ts';
import type { EventStore } from '../../packages/event-store/src/index.ts';
import { dayClosed, eventsOf, type BenchEvent } from './events.ts';
import { DATA, emptyFolder } from './places.ts';

export const PARTITIONS = 16;

/** Events that are generated and written at once. */
const STEP = 6_000;
/** Rises when what is generated changes. */
const FORMAT = 2;

const kept = async (name: string, make: (folder: string) => Promise<void>): Promise<string> => {
  const folder = join(DATA, `${name}-${FORMAT}`);
  const mark = join(folder, 'complete');
  if (existsSync(mark)) return folder;
  console.error(`generating ${name} …`);
  await make(emptyFolder(`${name}-${FORMAT}`));
  writeFileSync(mark, '');
  return folder;
};

/** Where the next event of each source and lane goes. */
export type Places = { readonly positions: Map<string, number>; readonly seqs: Map<string, number> };

const next = (counts: Map<string, number>, name: string): number => {
  const value = (counts.get(name) ?? 0) + 1;
  counts.set(name, value);
  return value;
};

type Lanes = Map<
  string,
  { readonly source: string; readonly partition: number; readonly records: LogRecord[] }
>;

/** Sorts events into the lanes of a log. */
export const lanesOf = (events: Iterable<BenchEvent>, { positions, seqs }: Places): Lanes => {
  const lanes: Lanes = new Map();
  for (const { source, stream, revision, key, body } of events) {
    const partition = partitionOf(key, PARTITIONS);
    const name = `${source}/${partition}`;
    const lane = lanes.get(name) ?? { source, partition, records: [] };
    lanes.set(name, lane);
    const position = next(positions, source);
    lane.records.push({ position, stream, revision, key, body, seq: next(seqs, name) });
  }
  return lanes;
};

/** The folder of a log of so many events. */
export const keptLog = (events: number): Promise<string> =>
  kept(`log-${events}`, async (folder) => {
    const log = await openSegments({ dir: folder, partitions: PARTITIONS });
    const places: Places = { positions: new Map(), seqs: new Map() };
    for (let from = 0; from < events; from += STEP)
      for (const { source, partition, records } of lanesOf(
        eventsOf(events, from, Math.min(events, from + STEP)),
        places,
      ).values())
        await log.publish({ source, partition }, records);
    const { stream, revision, key, body } = dayClosed();
    for (let partition = 0; partition < PARTITIONS; partition++)
      await log.publish({ source: 'clock', partition }, [
        { position: 1, seq: 1, stream, revision, key, body },
      ]);
    await log.announce('clock', 1);
    for (const [source, position] of places.positions) await log.announce(source, position);
    await log.flush();
    await log.close();
  });

/** Appends events to the stores of their sources, those of one stream together. */
export const appendAll = async (
  events: Iterable<BenchEvent>,
  storeOf: (source: string) => EventStore,
): Promise<void> => {
  const streams = Map.groupBy(events, ({ stream }) => stream);
  await Promise.all(
    [...streams.values()].map((group) => {
      const [first] = group;
      if (first === undefined) throw new TypeError('a group has a member');
      return storeOf(first.source).append(
        first.stream,
        first.revision === 0 ? 'none' : first.revision - 1,
        group,
      );
    }),
  );
};

/** The folder of an event store `order.db` with the orders of a log of so many events. */
export const keptStore = (events: number): Promise<string> =>
  kept(`store-${events}`, async (folder) => {
    const store = openSqliteEventStore({
      file: join(folder, 'order.db'),
      onFatal(error) {
        throw error;
      },
    });
    for (let from = 0; from < events; from += STEP) {
      const step = [...eventsOf(events, from, Math.min(events, from + STEP))];
      await appendAll(
        step.filter(({ source }) => source === 'order'),
        () => store,
      );
    }
    await store.close();
  });

export { kept, STEP };
