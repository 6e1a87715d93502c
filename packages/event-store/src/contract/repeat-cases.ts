import { describe, expect, it } from 'vitest';
import { event, everything, conflict, namesOf, type Subject } from './subject.ts';
import type { Expected } from '../event-store.ts';

const REPEATABLE: readonly Expected[] = ['none', 1, 'exists', 'any'];

export const repeatCases = (subject: Subject): void => {
  describe('a repeated append', () => {
    equal(subject);
    unequal(subject);
  });
};

const equal = (subject: Subject): void => {
  it.each(REPEATABLE)('under %s answers as the first and writes nothing', async (expected) => {
    const { store } = subject();
    if (expected !== 'none') await store.append('order-1', 'none', [event('a'), event('b')]);
    const events = [event('c'), event('d')];
    const first = await store.append('order-1', expected, events);
    const head = await store.head();
    expect(await store.append('order-1', expected, events)).toEqual({ ...first, repeated: true });
    expect(await store.head()).toEqual(head);
  });

  it.each(REPEATABLE)('under %s answers as the first when the stream has moved on', async (expected) => {
    const { store } = subject();
    if (expected !== 'none') await store.append('order-1', 'none', [event('a'), event('b')]);
    const events = [event('c'), event('d')];
    const first = await store.append('order-1', expected, events);
    await store.append('order-1', first.revision, [event('e')]);
    await store.append('order-1', 'any', [event('f')]);
    expect(await store.append('order-1', expected, events)).toEqual({ ...first, repeated: true });
    expect(namesOf(await everything(store)).slice(-4)).toEqual(['c', 'd', 'e', 'f']);
  });

  it.each(REPEATABLE)('under %s that is under way together with the first writes once', async (expected) => {
    const { store } = subject();
    if (expected !== 'none') await store.append('order-1', 'none', [event('a'), event('b')]);
    const before = (await store.head()).events;
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => store.append('order-1', expected, [event('c'), event('d')])),
    );
    expect(new Set(answers.map(({ position }) => position)).size).toBe(1);
    expect(answers.filter(({ repeated }) => repeated !== true)).toHaveLength(1);
    expect((await store.head()).events).toBe(before + 2);
  });
};

const unequal = (subject: Subject): void => {
  it.each(REPEATABLE)('under %s that is equal only in part is a conflict', async (expected) => {
    const { store } = subject();
    if (expected !== 'none') await store.append('order-1', 'none', [event('a'), event('b')]);
    const { revision } = await store.append('order-1', expected, [event('c'), event('d')]);
    for (const partly of [
      [event('c'), event('x')],
      [event('x'), event('d')],
      [event('d'), event('c')],
      [event('c'), event('d'), event('x')],
      [event('d'), event('x')],
    ])
      await expect(store.append('order-1', expected, partly)).rejects.toMatchObject(
        conflict('order-1', expected, revision),
      );
    expect(namesOf(await everything(store)).slice(-2)).toEqual(['c', 'd']);
  });

  it('under another expectation that no longer holds is a conflict', async () => {
    const { store } = subject();
    await store.append('order-1', 'none', [event('a'), event('b')]);
    await store.append('order-1', 1, [event('c')]);
    await expect(store.append('order-1', 0, [event('c')])).rejects.toMatchObject(conflict('order-1', 0, 2));
    await expect(store.append('order-1', 'none', [event('c')])).rejects.toMatchObject(
      conflict('order-1', 'none', 2),
    );
  });

  it('on another stream is another append', async () => {
    const { store } = subject();
    await store.append('order-1', 'any', [event('a')]);
    expect(await store.append('order-2', 'any', [event('a')])).toMatchObject({ revision: 0 });
    expect((await store.head()).events).toBe(2);
  });
};
