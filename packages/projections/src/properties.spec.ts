// The properties of PROJECTIONS §8 on the real engine over ports in memory. fast-check prints the seed of a failure.
import * as fc from 'fast-check';
import { openMemoryReadModels } from '@tenure/read-models/memory';
import { describe, expect, it } from 'vitest';
import { faultyReadModels, type Fault } from '../test/faulty-read-models.ts';
import {
  cancelled,
  contents,
  mendedCodec,
  openWorld,
  placed,
  poisoned,
  registered,
  renamed,
  settled,
  type Told,
  type World,
} from '../test/world.ts';
import type { Progress } from './reader.ts';

const RUNS = { numRuns: 60 };

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const day = fc.integer({ min: 1, max: 9 }).map((n) => `2026-01-0${n}`);
const told: fc.Arbitrary<Told> = fc.oneof(
  fc.record({ key, x: fc.nat(99), on: day }).map(({ key: k, x, on }) => placed(k, x, on)),
  fc.record({ key, x: fc.nat(99) }).map(({ key: k, x }) => cancelled(k, x)),
  fc
    .record({ key, name: fc.constantFrom('Ann', 'Bo', 'Cem', 'Dora') })
    .map(({ key: k, name }) => registered(k, name)),
  fc
    .record({ key, name: fc.constantFrom('Ann', 'Bo', 'Cem', 'Dora') })
    .map(({ key: k, name }) => renamed(k, name)),
);
/** Events, with days that close in between. */
const story = fc.array(told, { minLength: 1, maxLength: 40 });

type Contents = Awaited<ReturnType<typeof contents>>;

/** What one quiet engine makes of a story in which ten days pass at its end. */
const quietly = async (events: readonly Told[], partitions = 4): Promise<Contents> => {
  const world = openWorld(partitions);
  await world.tell(...events);
  await world.closeDay('2026-01-10');
  const engine = await world.start();
  await world.until(async () => (await engine.control.status({ digest: false }))[0]?.generation === 1);
  await settled(engine);
  await engine.stop();
  return contents(world);
};

/** The order within a source is kept, the sources are mixed as the numbers say. */
const mixed = (events: readonly Told[], picks: readonly number[]): readonly Told[] => {
  const queues = new Map<string, Told[]>();
  for (const event of events) queues.set(event.source, [...(queues.get(event.source) ?? []), event]);
  const result: Told[] = [];
  for (let i = 0; queues.size > 0; i++) {
    const names = [...queues.keys()];
    const name = names[(picks[i % picks.length] ?? 0) % names.length] ?? '';
    const event = queues.get(name)?.shift();
    if (event === undefined) queues.delete(name);
    else result.push(event);
  }
  return result;
};

const live = async (world: World, events: readonly Told[], cuts: readonly number[]): Promise<void> => {
  const engine = await world.start();
  for (const [i, event] of events.entries()) {
    await world.tell(event);
    if (cuts.includes(i)) await settled(engine);
  }
  await world.closeDay('2026-01-10');
  await settled(engine);
  await engine.stop();
};

describe('properties of the engine', { timeout: 60_000 }, () => {
  it('P1: each event takes effect once, whatever commits fail or are not answered and however often it restarts', () =>
    fc.assert(
      fc.asyncProperty(
        story,
        fc.array(fc.constantFrom<Fault>('none', 'none', 'lost', 'half', 'lost-answer'), {
          minLength: 1,
          maxLength: 30,
        }),
        fc.uniqueArray(fc.nat(39), { maxLength: 4 }),
        async (events, faults, restarts) => {
          let commits = 0;
          const inner = openMemoryReadModels();
          const world = openWorld(
            4,
            faultyReadModels(inner, () => faults[commits++] ?? 'none'),
          );
          let engine = await world.start();
          for (const [i, event] of events.entries()) {
            await world.tell(event);
            if (!restarts.includes(i)) continue;
            await engine.stop();
            engine = await world.start();
          }
          await world.closeDay('2026-01-10');
          await settled(engine);
          await engine.stop();
          expect(await contents(world)).toEqual(await quietly(events));
        },
      ),
      RUNS,
    ));

  it('P2: any interleaving of the sources and any batches give the same bytes', () =>
    fc.assert(
      fc.asyncProperty(
        story,
        fc.array(fc.nat(9), { minLength: 1, maxLength: 40 }),
        fc.uniqueArray(fc.nat(39)),
        async (events, picks, cuts) => {
          const world = openWorld();
          await live(world, mixed(events, picks), cuts);
          expect(await contents(world)).toEqual(await quietly(events));
        },
      ),
      RUNS,
    ));

  it('P5 and P7: rebuilt and healed documents equal the live ones; a second heal changes nothing', () =>
    fc.assert(
      fc.asyncProperty(story, fc.uniqueArray(fc.nat(39)), async (events, cuts) => {
        const world = openWorld();
        await live(world, events, cuts);
        const before = await contents(world);
        const engine = await world.start();
        const [status] = await engine.control.status();
        const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
        for (let i = 0; i < 2; i++)
          expect((await engine.control.heal('shop', keys)).filter(({ changed }) => changed)).toEqual([]);
        await engine.control.startReplay({ projection: 'shop', activate: true });
        expect(await world.replayed(engine, 2)).toMatchObject({ state: 'active', digest: status?.digest });
        expect(await contents(world)).toEqual(before);
        await engine.stop();
      }),
      RUNS,
    ));

  it('P8: a parked customer freezes, all others are as if it were not there, and a retry equals the full fold', () =>
    fc.assert(
      fc.asyncProperty(story, fc.nat(39), fc.uniqueArray(fc.nat(39)), async (events, at, cuts) => {
        const poison = poisoned('a');
        const all = [...events.slice(0, at), poison, ...events.slice(at)];
        const world = openWorld();
        await live(world, all, cuts);
        const others = await quietly(events.filter((event) => event.key !== 'a'));
        const { a, ...found } = await contents(world);
        expect(found).toEqual(renumbered(others, found));
        expect(a?.stale ?? true).toBe(true);
        const engine = await world.start({ codec: mendedCodec() });
        expect(await engine.control.retry('shop', {})).toEqual(['a']);
        await engine.stop();
        const mended = { ...poison, data: { x: 9 } };
        expect(await contents(world)).toEqual(
          await quietly([...events.slice(0, at), mended, ...events.slice(at)]),
        );
      }),
      RUNS,
    ));

  it('P10: a build that is interrupted anywhere and taken up again equals an uninterrupted one', () =>
    fc.assert(
      fc.asyncProperty(story, fc.nat(14), async (events, dies) => {
        const inner = openMemoryReadModels();
        let commits = 0;
        const armed = { on: true };
        const world = openWorld(
          4,
          faultyReadModels(inner, () => (armed.on && commits++ === dies ? 'lost' : 'none')),
        );
        await world.tell(...events);
        await world.closeDay('2026-01-10');
        const engine = await world.start({
          // A process that dies tells nobody: the state of the generation stays what it was.
          readModels: { ...world.readModels, setState: async () => {} },
        });
        await world.until(async () => {
          const { state } = await engine.control.replay('shop.g1');
          return state === 'active' || state === 'failed';
        });
        await engine.stop();
        armed.on = false;
        const again = await world.start();
        await world.until(
          async () => (await again.control.status({ digest: false }))[0]?.generation !== null,
        );
        await settled(again);
        expect(await world.readModels.active('shop')).toBe(1);
        await again.stop();
        expect(await contents(world)).toEqual(await quietly(events));
      }),
      RUNS,
    ));

  it('P11: sixteen and sixty-four partitions give equal documents', () =>
    fc.assert(
      fc.asyncProperty(story, async (events) => {
        expect(await quietly(events, 64)).toEqual(await quietly(events, 16));
      }),
      { numRuns: 20 },
    ));

  it('P9 and P12: generations, positions and checkpoints that are told only grow, whatever is replayed', () =>
    fc.assert(
      fc.asyncProperty(story, fc.uniqueArray(fc.nat(39), { maxLength: 3 }), async (events, replays) => {
        const world = openWorld();
        const seen: Progress[] = [];
        const engine = await world.start({ onProgress: (progress) => seen.push(progress) });
        let generation = 1;
        for (const [i, event] of events.entries()) {
          await world.tell(event);
          if (!replays.includes(i)) continue;
          await engine.control.startReplay({ projection: 'shop', activate: true });
          generation++;
          if (i % 2 === 0) await world.replayed(engine, generation);
          else
            await world.until(
              async () => (await engine.control.replay(`shop.g${generation}`)).state === 'active',
            );
        }
        await settled(engine);
        await engine.stop();
        for (const [i, now] of seen.entries()) {
          const before = seen[i - 1];
          if (before === undefined) continue;
          expect(now.generation).toBeGreaterThanOrEqual(before.generation);
          for (const [source, position] of Object.entries(before.folded))
            expect(now.folded[source]).toBeGreaterThanOrEqual(position);
        }
        expect(seen.at(-1)?.folded['order'] ?? 0).toBe(
          events.filter(({ source }) => source === 'order').length,
        );
      }),
      RUNS,
    ));
});

/** Positions and event ids differ between two worlds of which one has other events: compare what they hold. */
const renumbered = (expected: Contents, found: Contents): Contents =>
  Object.fromEntries(
    Object.entries(expected).map(([id, one]) => [
      id,
      {
        ...one,
        vector: found[id]?.vector ?? {},
        sealed: found[id]?.sealed ?? null,
        body: withIdsOf(one.body, found[id]?.body ?? ''),
      },
    ]),
  );

const withIdsOf = (body: string, other: string): string => {
  const ids = [...other.matchAll(/"\$sealed":"([^"]*)"/g)].map(([, id]) => id);
  return body.replace(/"\$sealed":"[^"]*"/g, () => `"$sealed":"${ids.shift()}"`);
};
