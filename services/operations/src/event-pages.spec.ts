import { partitionOf } from '@tenure/event-log';
import { memoryEventLog, memoryLogData } from '@tenure/event-log/memory';
import type { Codec, DecodedEvent, EventHead } from '@tenure/events';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventPage, type EventQuery, type PageStart } from './event-pages.ts';

/** Bodies are JSON: type and time of recording. */
const codec = {
  peek: (body) => JSON.parse(Buffer.from(body).toString()) as EventHead,
  decode: (source, stored) =>
    ({
      ...stored,
      source,
      ...(JSON.parse(Buffer.from(stored.body).toString()) as object),
    }) as unknown as DecodedEvent,
} as Pick<Codec, 'peek' | 'decode'> as Codec;

type Told = {
  readonly source: string;
  /** Null: copied to every lane. */
  readonly partition: number | null;
  readonly type?: string;
  readonly key?: string;
  readonly recordedAt: number;
};

const PARTITIONS = 3;
const openWorld = () => {
  const log = memoryEventLog(memoryLogData(PARTITIONS));
  const positions: Record<string, number> = {};
  return {
    kit: { log, codec },
    async tell(...events: readonly Told[]): Promise<void> {
      for (const { source, partition, type = 'A', key = 'k', recordedAt } of events) {
        const position = (positions[source] = (positions[source] ?? 0) + 2); // with gaps
        const body = Buffer.from(JSON.stringify({ type, recordedAt }));
        const lanes = partition === null ? [0, 1, 2] : [partition];
        for (const lane of lanes.map((one) => ({ source, partition: one })))
          await log.publish(lane, [
            { position, stream: 's', revision: position, key, body, seq: (await log.head(lane)) + 1 },
          ]);
      }
    },
  };
};

type World = ReturnType<typeof openWorld>;
const places = (events: readonly DecodedEvent[]) =>
  events.map(({ source, position }) => `${source}:${position}`);

/** All pages, one after the other. `between` runs after each. */
const walk = async (
  world: World,
  query: Omit<EventQuery, 'start'>,
  between = async (): Promise<void> => {},
): Promise<readonly string[]> => {
  const seen: string[] = [];
  let start: PageStart | undefined;
  for (;;) {
    const { events, next } = await eventPage(world.kit, { ...query, ...(start && { start }) });
    expect(events.length).toBeLessThanOrEqual(query.limit);
    seen.push(...places(events));
    if (next === null) return seen;
    start = next;
    await between();
  }
};

const told = fc.record({
  source: fc.constantFrom('order', 'customer'),
  type: fc.constantFrom('A', 'B'),
  key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
});
const story = fc.array(told, { maxLength: 60 }).map((events) =>
  events.map((event, i): Told => ({
    ...event,
    partition: partitionOf(event.key, PARTITIONS),
    recordedAt: 1_000 + Math.floor(i / 2),
  })),
);

/** The places of events as they lie in the log. */
const placesOf = (events: readonly Told[]): readonly { place: string; event: Told }[] => {
  const counts: Record<string, number> = {};
  return events.map((event) => ({
    event,
    place: `${event.source}:${(counts[event.source] = (counts[event.source] ?? 0) + 2)}`,
  }));
};

describe('pages over any lanes', () => {
  const limits = fc.integer({ min: 1, max: 7 });

  it('hold every event once, newest first', async () => {
    await fc.assert(
      fc.asyncProperty(story, limits, async (events, limit) => {
        const world = openWorld();
        await world.tell(...events);
        const seen = await walk(world, { sources: ['order', 'customer'], limit });
        const all = placesOf(events);
        expect(seen.toSorted()).toEqual(all.map(({ place }) => place).toSorted());
        const times = seen.map((place) => all.find((one) => one.place === place)?.event.recordedAt ?? 0);
        expect(times).toEqual(times.toSorted((a, b) => b - a));
      }),
    );
  });

  it('hold what was there at the start, whatever comes meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(story, limits, async (events, limit) => {
        const world = openWorld();
        await world.tell(...events);
        let more = 0;
        const seen = await walk(world, { sources: ['order'], limit }, () =>
          world.tell({ source: 'order', partition: more % PARTITIONS, recordedAt: 9_000 + more++ }),
        );
        const own = placesOf(events).filter(({ event }) => event.source === 'order');
        expect(seen.toSorted()).toEqual(own.map(({ place }) => place).toSorted());
      }),
    );
  });

  it('hold only what is asked for, by type, key and time', async () => {
    await fc.assert(
      fc.asyncProperty(
        story,
        limits,
        fc.option(fc.constantFrom('a', 'b', 'z'), { nil: undefined }),
        fc.option(fc.integer({ min: 1_000, max: 1_020 }), { nil: undefined }),
        async (events, limit, key, from) => {
          const world = openWorld();
          await world.tell(...events);
          const seen = await walk(world, { sources: ['customer', 'order'], types: ['B'], key, from, limit });
          const asked = placesOf(events).filter(
            ({ event }) =>
              event.type === 'B' && (key ?? event.key) === event.key && event.recordedAt >= (from ?? 0),
          );
          expect(seen.toSorted()).toEqual(asked.map(({ place }) => place).toSorted());
        },
      ),
    );
  });
});

describe('a page', () => {
  it('shows an event that is copied to every lane once', async () => {
    const world = openWorld();
    await world.tell(
      ...Array.from({ length: 5 }, (_, i) => ({ source: 'clock', partition: null, recordedAt: i })),
    );
    expect(await walk(world, { sources: ['clock'], limit: 2 })).toEqual(
      [10, 8, 6, 4, 2].map((position) => `clock:${position}`),
    );
  });

  it('finds a rare type over several short pages', async () => {
    const world = openWorld();
    await world.tell({ source: 'order', partition: 0, type: 'Rare', recordedAt: 0 });
    await world.tell(
      ...Array.from({ length: 700 }, (_, i) => ({ source: 'order', partition: 0, recordedAt: 1 + i })),
    );
    const first = await eventPage(world.kit, { sources: ['order'], types: ['Rare'], limit: 10 });
    expect(first).toMatchObject({ events: [], next: { order: expect.any(Number) } });
    expect(await walk(world, { sources: ['order'], types: ['Rare'], limit: 10 })).toEqual(['order:2']);
  });

  it('shows nothing older than what a long lane has not shown yet', async () => {
    const world = openWorld();
    await world.tell({ source: 'order', partition: 1, type: 'Rare', recordedAt: 0 });
    await world.tell({ source: 'order', partition: 0, type: 'Rare', recordedAt: 1 });
    await world.tell(
      ...Array.from({ length: 250 }, (_, i) => ({ source: 'order', partition: 0, recordedAt: 2 + i })),
    );
    expect(await walk(world, { sources: ['order'], types: ['Rare'], limit: 10 })).toEqual([
      'order:4',
      'order:2',
    ]);
  });

  it('is over where there is nothing', async () => {
    expect(await eventPage(openWorld().kit, { sources: ['order'], limit: 10 })).toEqual({
      events: [],
      next: null,
    });
  });
});
