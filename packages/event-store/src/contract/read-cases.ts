import { describe, expect, it } from 'vitest';
import { event, everything, expectInOrder, namesOf, streamOf, type Subject } from './subject.ts';

export const readCases = (subject: Subject): void => {
  describe('readStream, readAll, head', () => {
    streams(subject);
    positions(subject);
    closing(subject);
  });
};

const streams = (subject: Subject): void => {
  it('an empty store has head 0, no events, no stream', async () => {
    const { store } = subject();
    expect(await store.head()).toEqual({ position: 0, events: 0 });
    expect(await store.readAll(0, 10)).toEqual([]);
    expect(await streamOf(store, 'order-1')).toEqual([]);
  });

  it('a stream is read from any revision, and empty from beyond its end', async () => {
    const { store } = subject();
    await store.append('order-1', 'none', [event('a'), event('b'), event('c')]);
    await store.append('order-2', 'none', [event('x')]);
    expect(namesOf(await streamOf(store, 'order-1'))).toEqual(['a', 'b', 'c']);
    expect((await streamOf(store, 'order-1', 1)).map(({ revision }) => revision)).toEqual([1, 2]);
    expect(await streamOf(store, 'order-1', 3)).toEqual([]);
  });

  it('a stream longer than any page is read whole', async () => {
    const { store } = subject();
    const names = Array.from({ length: 2_500 }, (_, i) => `e${i}`);
    for (let i = 0; i < names.length; i += 500)
      await store.append(
        'long',
        i === 0 ? 'none' : i - 1,
        names.slice(i, i + 500).map((name) => event(name)),
      );
    expect(namesOf(await streamOf(store, 'long'))).toEqual(names);
    expect(namesOf(await streamOf(store, 'long', 1_999))).toEqual(names.slice(1_999));
  });
};

const positions = (subject: Subject): void => {
  it('readAll goes by position, honours its limit, and finds every event once whatever the limit', async () => {
    const { store } = subject();
    for (let i = 0; i < 20; i++)
      await store.append(`order-${i % 3}`, 'any', [event(`e${i}`), event(`f${i}`)]);
    expect(await store.readAll(0, 7)).toHaveLength(7);
    expect(await store.readAll(0, 0)).toEqual([]);
    const whole = await everything(store);
    expectInOrder(whole);
    expect(namesOf(whole)).toEqual(Array.from({ length: 20 }, (_, i) => [`e${i}`, `f${i}`]).flat());
    for (const limit of [1, 3, 40, 41]) expect(await everything(store, limit)).toEqual(whole);
  });

  it('readAll behind the newest event is empty', async () => {
    const { store } = subject();
    const { position } = await store.append('order-1', 'none', [event('a')]);
    expect(await store.readAll(position, 10)).toEqual([]);
    expect(await store.readAll(position + 1_000, 10)).toEqual([]);
  });

  it('head says where the newest event stands and how many there are', async () => {
    const { store } = subject();
    await store.append('order-1', 'none', [event('a'), event('b')]);
    const { position } = await store.append('order-2', 'none', [event('c')]);
    await store.append('order-2', 'none', [event('d')]).catch(() => 'a conflict writes nothing');
    expect(await store.head()).toEqual({ position, events: 3 });
  });

  it('an append that was answered can be read at once', async () => {
    const { store } = subject();
    for (let i = 0; i < 20; i++) {
      const { position } = await store.append(`order-${i}`, 'none', [event(`e${i}`)]);
      expect((await store.readAll(position - 1, 1))[0]).toMatchObject({ position, stream: `order-${i}` });
      expect(await streamOf(store, `order-${i}`)).toHaveLength(1);
    }
  });
};

const closing = (subject: Subject): void => {
  it('a closed store refuses everything, and closing again is allowed', async () => {
    const { store } = subject();
    await store.append('order-1', 'none', [event('a')]);
    await store.close();
    await store.close();
    const refused = { code: 'UNAVAILABLE', retriable: true };
    await expect(store.append('order-1', 0, [event('b')])).rejects.toMatchObject(refused);
    await expect(store.readAll(0, 1)).rejects.toMatchObject(refused);
    await expect(streamOf(store, 'order-1')).rejects.toMatchObject(refused);
    await expect(store.head()).rejects.toMatchObject(refused);
  });

  it('closing settles what is under way', async () => {
    const { store } = subject();
    const appends = Array.from({ length: 20 }, (_, i) =>
      store.append(`order-${i}`, 'none', [event(`e${i}`)]),
    );
    await store.close();
    expect((await Promise.allSettled(appends)).every(({ status }) => status === 'fulfilled')).toBe(true);
  });
};
