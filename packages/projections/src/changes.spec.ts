import { describe, expect, it } from 'vitest';
import { openWorld, placed, registered, settled, shop } from '../test/world.ts';
import { changeNotes } from './changes.ts';
import type { ProjectionDefinition } from './definition.ts';
import type { Progress } from './reader.ts';

const EVERYTHING = { id: 'everything', sources: [], position: {} };

/** An engine whose progress is kept, from when somebody listens. */
const heardWorld = async (over: Partial<ProjectionDefinition> = {}) => {
  const world = openWorld();
  const state = { heard: true };
  const told: Progress[] = [];
  const engine = await world.start({
    definitions: [{ definition: { ...shop, ...over }, codeHash: 'code' }],
    onProgress: (progress) => void told.push(progress),
    isHeard: (projection) => state.heard && projection === 'shop',
  });
  const taken = () =>
    told
      .splice(0)
      .filter(({ projection }) => projection === 'shop')
      .flatMap(({ changes }) => changes ?? [EVERYTHING]);
  await settled(engine);
  taken();
  return { world, engine, state, taken };
};

describe('the changes of a commit', () => {
  it('name each document with the sources of its news and where it stands', async () => {
    const { world, engine, taken } = await heardWorld();
    await world.tell(placed('a', 5), registered('a', 'Ann'), placed('b', 2));
    await settled(engine);
    const first = taken();
    expect(first).toContainEqual({ id: 'b', sources: ['order'], position: { order: 2 } });
    await world.tell(registered('a', 'Anna'));
    await settled(engine);
    expect(taken()).toEqual([{ id: 'a', sources: ['customer'], position: { order: 1, customer: 2 } }]);
    await engine.stop();
  });

  it('are not noted while nobody listens', async () => {
    const { world, engine, state, taken } = await heardWorld();
    state.heard = false;
    await world.tell(placed('a', 5));
    await settled(engine);
    expect(taken()).toEqual([]);
    state.heard = true;
    await world.tell(placed('a', 6));
    await settled(engine);
    expect(taken()).toEqual([{ id: 'a', sources: ['order'], position: { order: 2 } }]);
    await engine.stop();
  });

  it('have no source when a closed day has changed the document, and none where a repair found nothing to mend', async () => {
    const { world, engine, taken } = await heardWorld({
      summarise: (_slices, { date }) => ({ day: date }),
    });
    await world.tell(placed('a', 5));
    await settled(engine);
    taken();
    await world.closeDay('2026-11-20');
    await settled(engine);
    expect(taken()).toEqual([{ id: 'a', sources: [], position: { order: 1 } }]);
    await engine.control.heal('shop', ['a']);
    await world.tell(placed('b', 1));
    await settled(engine);
    expect(taken()).toEqual([{ id: 'b', sources: ['order'], position: { order: 2 } }]);
    await engine.stop();
  });
});

describe('a change that cannot be named', () => {
  const note = (notes: ReturnType<typeof changeNotes>, ids: number): void =>
    notes.note(
      [],
      Array.from({ length: ids }, (_, i) => ({ id: `c${i}`, vector: {} })),
    );
  it('is everything: more than a stream keeps, or a commit that was not answered', () => {
    const notes = changeNotes(() => true);
    note(notes, 10_000);
    expect(notes.take()).toHaveLength(10_000);
    note(notes, 10_001);
    expect(notes.take()).toBeNull();
    expect(notes.take()).toEqual([]);
    notes.lose();
    note(notes, 1);
    expect(notes.take()).toBeNull();
  });
});
