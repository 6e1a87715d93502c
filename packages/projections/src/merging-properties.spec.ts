// Merges in any order, over any partitions, while engines restart, commits fail and generations are built (P16, and P1, P2,
// P5, P7 and P10 with merges among the events). fast-check prints the seed of a failure.
import { memoryEventLog } from '@tenure/event-log/memory';
import { openMemoryReadModels } from '@tenure/read-models/memory';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultyReadModels, type Fault } from '../test/faulty-read-models.ts';
import { KEYS, mergeStory, partings, survivorsOf } from '../test/merge-stories.ts';
import {
  contents,
  jsonCodec,
  mendedCodec,
  mergingShop,
  openWorld,
  placed,
  poisoned,
  settled,
  shop,
  worldOn,
  type Told,
  type World,
} from '../test/world.ts';
import type { Projections, ProjectionsOptions } from './start.ts';

const RUNS = { numRuns: 60 };
const MERGING = [{ definition: mergingShop, codeHash: 'code-1' }];
const APART = [{ definition: shop, codeHash: 'code-1' }];
const MERGES = ['CustomersMerged', 'CustomersUnmerged', 'CustomerAbsorbed', 'CustomerRestored'];
const LAST_DAY = '2026-01-10';

type Contents = Awaited<ReturnType<typeof contents>>;

const partitions = fc.constantFrom(1, 4, 16);
const picks = fc.array(fc.nat(31), { minLength: 1, maxLength: 40 });
const places = fc.uniqueArray(fc.nat(39), { maxLength: 6 });

const start = (world: World, options: Partial<ProjectionsOptions> = {}): Promise<Projections> =>
  world.start({ definitions: MERGING, ...options });

/** What a build makes of the log of a world. */
const built = async ({ data }: World, definitions = MERGING, codec = jsonCodec): Promise<Contents> => {
  const world = worldOn(data, memoryEventLog(data), openMemoryReadModels());
  const engine = await world.start({ definitions, codec });
  await world.until(async () => (await engine.control.status({ digest: false }))[0]?.generation === 1);
  await settled(engine);
  await engine.stop();
  return contents(world);
};

const verify = async (world: World, engine: Projections): Promise<void> => {
  const { id } = await engine.control.verify({ projection: 'shop', full: true });
  await world.until(async () => (await engine.control.verification(id, 1)).state !== 'running');
  expect(await engine.control.verification(id)).toMatchObject({ state: 'done', differences: [] });
};

/** What the documents must be: those of a company in which all events were about the last survivor from the beginning. */
const asIfOne = async (events: readonly Told[]): Promise<Contents> => {
  const survivors = survivorsOf(events);
  const world = openWorld(4);
  await world.tell(...events.map((told) => ({ ...told, key: survivors.get(told.key) ?? told.key })));
  await world.closeDay(LAST_DAY);
  return built(world, APART);
};

const shown = (found: Contents) =>
  Object.entries(found)
    .filter(([, { redirect }]) => redirect === null)
    .map(([id, { body, vector, columns, stale }]) => ({ id, body, vector, columns, stale }));

const redirectsIn = (found: Contents) =>
  Object.entries(found).flatMap(([id, { redirect }]) => (redirect === null ? [] : [[id, redirect]]));

const redirectsOf = (events: readonly Told[]) =>
  [...survivorsOf(events)].filter(([id, survivor]) => id !== survivor);

describe('properties of merges', { timeout: 120_000 }, () => {
  it('survivors have the documents of customers who were always one, everybody else leads to them', () =>
    fc.assert(
      fc.asyncProperty(
        mergeStory,
        partitions,
        picks,
        places,
        places,
        async (events, P, order, cuts, nights) => {
          const world = openWorld(P);
          const engine = await start(world);
          let day = 1;
          await world.tellUnevenly(events, order, async (published) => {
            if (nights.includes(published)) await world.closeDay(`2026-01-0${day++}`);
            if (!cuts.includes(published)) return;
            await settled(engine);
            await verify(world, engine);
          });
          await world.closeDay(LAST_DAY);
          await settled(engine);
          const found = await contents(world);
          expect(shown(found)).toEqual(shown(await asIfOne(events)));
          expect(redirectsIn(found)).toEqual(redirectsOf(events));
          expect(found).toEqual(await built(world));
          await verify(world, engine);
          await engine.stop();
        },
      ),
      RUNS,
    ));

  it('P16: merged and parted again, everybody has the document of a company that never merged anybody', () =>
    fc.assert(
      fc.asyncProperty(
        mergeStory,
        mergeStory,
        partitions,
        picks,
        places,
        async (first, then, P, order, cuts) => {
          const since = then.filter(({ type }) => !MERGES.includes(type));
          const events = [...first, ...partings(first), ...since];
          const world = openWorld(P);
          const engine = await start(world);
          await world.tellUnevenly(events, order, async (published) => {
            if (cuts.includes(published)) await settled(engine);
          });
          await world.closeDay(LAST_DAY);
          await settled(engine);
          expect(await contents(world)).toEqual(await built(world, APART));
          await engine.stop();
        },
      ),
      RUNS,
    ));

  it('whatever commits fail or are not answered, and however often the engine restarts', () =>
    fc.assert(
      fc.asyncProperty(
        mergeStory,
        partitions,
        fc.array(fc.constantFrom<Fault>('none', 'none', 'lost', 'half', 'lost-answer'), {
          minLength: 1,
          maxLength: 30,
        }),
        places,
        async (events, P, faults, restarts) => {
          let commits = 0;
          const models = faultyReadModels(openMemoryReadModels(), () => faults[commits++] ?? 'none');
          const world = openWorld(P, models);
          let engine = await start(world);
          for (const [i, event] of events.entries()) {
            await world.tell(event);
            if (!restarts.includes(i)) continue;
            await engine.stop();
            engine = await start(world);
          }
          await world.closeDay(LAST_DAY);
          await settled(engine);
          expect(await contents(world)).toEqual(await built(world));
          await verify(world, engine);
          await engine.stop();
        },
      ),
      RUNS,
    ));

  it('P8: what cannot be folded parks its survivor and nobody else, and once mended all is as if it had never failed', () =>
    fc.assert(
      fc.asyncProperty(
        mergeStory,
        partitions,
        fc.constantFrom(...KEYS),
        fc.nat(39),
        picks,
        places,
        async (...args) => {
          const [story, P, sick, at, order, cuts] = args;
          const events = [...story.slice(0, at), poisoned(sick), ...story.slice(at)];
          const world = openWorld(P);
          const engine = await start(world);
          await world.tellUnevenly(events, order, async (published) => {
            if (cuts.includes(published)) await settled(engine);
          });
          await world.closeDay(LAST_DAY);
          await settled(engine);
          const survivor = survivorsOf(events).get(sick);
          expect((await engine.control.parked('shop')).map(({ key }) => key)).toEqual([survivor]);
          const others = (found: Contents) => shown(found).filter(({ id }) => id !== survivor);
          expect(others(await contents(world))).toEqual(others(await built(world)));
          expect((await contents(world))[survivor ?? '']?.stale ?? true).toBe(true);
          await engine.stop();
          const again = await start(world, { codec: mendedCodec() });
          expect(await again.control.retry('shop', {})).toEqual([survivor]);
          expect(await contents(world)).toEqual(await built(world, MERGING, mendedCodec()));
          await again.stop();
        },
      ),
      RUNS,
    ));

  it('while generations are built and take over; and heals change nothing', () =>
    fc.assert(
      fc.asyncProperty(mergeStory, partitions, places, async (told, P, replays) => {
        const events = [placed('h', 1), ...told]; // an empty build never replaces a model that is not
        const world = openWorld(P);
        const engine = await start(world);
        let generation = 1;
        for (const [i, event] of events.entries()) {
          await world.tell(event);
          if (!replays.includes(i)) continue;
          await taken(world, engine, generation);
          await engine.control.startReplay({ projection: 'shop', activate: true });
          generation++;
        }
        await world.closeDay(LAST_DAY);
        await taken(world, engine, generation);
        await settled(engine);
        const found = await contents(world);
        expect(redirectsIn(found)).toEqual(redirectsOf(events));
        expect(shown(found)).toEqual(shown(await asIfOne(events)));
        for (const { changed } of await engine.control.heal('shop', KEYS)) expect(changed).toBe(false);
        expect(await contents(world)).toEqual(found);
        await engine.stop();
      }),
      RUNS,
    ));

  it('P10: a build that is interrupted anywhere and taken up again equals an uninterrupted one', () =>
    fc.assert(
      fc.asyncProperty(mergeStory, partitions, fc.nat(30), async (events, P, dies) => {
        let commits = 0;
        const armed = { on: true };
        const fault = (): Fault => (armed.on && commits++ === dies ? 'lost' : 'none');
        const world = openWorld(P, faultyReadModels(openMemoryReadModels(), fault));
        await world.tell(...events);
        await world.closeDay(LAST_DAY);
        // A process that dies tells nobody: the state of the generation stays what it was.
        const engine = await start(world, {
          readModels: { ...world.readModels, setState: async () => {} },
        });
        await world.until(async () => {
          const { state } = await engine.control.replay('shop.g1');
          return state === 'active' || state === 'failed';
        });
        await engine.stop();
        armed.on = false;
        const again = await start(world);
        await world.until(async () => (await again.control.status({ digest: false }))[0]?.generation === 1);
        await settled(again);
        await verify(world, again);
        await again.stop();
        expect(await contents(world)).toEqual(await built(world));
      }),
      RUNS,
    ));
});

/** Resolves when a generation is served; a replay that has failed says why. */
const taken = async (world: World, engine: Projections, generation: number): Promise<void> => {
  if (generation > 1)
    await world.until(async () => {
      const { state, error } = await engine.control.replay(`shop.g${generation}`);
      expect(error).toBeNull();
      return state === 'active';
    });
};
