import { describe, expect, it } from 'vitest';
import { event, everything, conflict, expectInOrder, namesOf, streamOf, type Subject } from './subject.ts';

export const appendCases = (subject: Subject): void => {
  describe('append', () => {
    answers(subject);
    expectations(subject);
    neighbours(subject);
  });
};

const answers = (subject: Subject): void => {
  it('answers revision and position of its last event', async () => {
    const { store } = subject();
    const first = await store.append('order-1', 'none', [event('a'), event('b')]);
    expect(first.revision).toBe(1);
    const second = await store.append('order-1', 1, [event('c')]);
    expect(second.revision).toBe(2);
    expect(second.position).toBeGreaterThan(first.position);
    expect((await everything(store)).at(-1)).toMatchObject({ stream: 'order-1', ...second });
  });

  it('stores key and body as they came', async () => {
    const { store } = subject();
    const given = [event('Ärger 订单', 16), event('large', 200_000)];
    await store.append('order-ä-订', 'none', given);
    const stored = await streamOf(store, 'order-ä-订');
    expect(stored.map(({ key }) => key)).toEqual(given.map(({ key }) => key));
    expect(stored.map(({ body }) => Buffer.from(body))).toEqual(given.map(({ body }) => Buffer.from(body)));
  });
};

const expectations = (subject: Subject): void => {
  it("'none' is a conflict on a stream that exists", async () => {
    const { store } = subject();
    await store.append('order-1', 'none', [event('a')]);
    await expect(store.append('order-1', 'none', [event('b')])).rejects.toMatchObject(
      conflict('order-1', 'none', 0),
    );
  });

  it("'exists' is a conflict on a stream that does not, and else appends", async () => {
    const { store } = subject();
    await expect(store.append('order-1', 'exists', [event('a')])).rejects.toMatchObject(
      conflict('order-1', 'exists', -1),
    );
    await store.append('order-1', 'none', [event('a')]);
    expect(await store.append('order-1', 'exists', [event('b')])).toMatchObject({ revision: 1 });
  });

  it("'any' appends whether the stream exists or not", async () => {
    const { store } = subject();
    expect(await store.append('audit', 'any', [event('a')])).toMatchObject({ revision: 0 });
    expect(await store.append('audit', 'any', [event('b'), event('c')])).toMatchObject({ revision: 2 });
  });

  it('a revision is a conflict when the stream has moved on', async () => {
    const { store } = subject();
    await store.append('order-1', 'none', [event('a'), event('b')]);
    await expect(store.append('order-1', 0, [event('c')])).rejects.toMatchObject(conflict('order-1', 0, 1));
  });

  it('a revision beyond the end is a conflict and leaves no gap', async () => {
    const { store } = subject();
    await store.append('order-1', 'none', [event('a')]);
    await expect(store.append('order-1', 5, [event('b')])).rejects.toMatchObject(conflict('order-1', 5, 0));
    await expect(store.append('order-2', 0, [event('c')])).rejects.toMatchObject(conflict('order-2', 0, -1));
    expectInOrder(await everything(store));
    expect(namesOf(await everything(store))).toEqual(['a']);
  });
};

const neighbours = (subject: Subject): void => {
  it('a refused append of several events writes none of them, and none of its neighbours suffers', async () => {
    const { store } = subject();
    await store.append('order-1', 'none', [event('a')]);
    const settled = await Promise.allSettled([
      store.append('order-2', 'none', [event('b')]),
      store.append('order-1', 'none', [event('x'), event('y'), event('z')]),
      store.append('order-1', 0, [event('c')]),
      store.append('order-1', 0, [event('u'), event('v')]),
      store.append('order-3', 'none', [event('d')]),
    ]);
    expect(settled.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(namesOf(await everything(store)).toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('appends called one after the other without waiting build on each other', async () => {
    const { store } = subject();
    const appends = Array.from({ length: 50 }, (_, i) =>
      store.append('order-1', i === 0 ? 'none' : i - 1, [event(`e${i}`)]),
    );
    expect((await Promise.all(appends)).map(({ revision }) => revision)).toEqual(appends.map((_, i) => i));
  });

  it('may change its body after it has settled', async () => {
    const { store } = subject();
    const given = event('a');
    await store.append('order-1', 'none', [given]);
    given.body.fill(0);
    expect(namesOf(await everything(store))).toEqual(['a']);
    expect(namesOf((await store.readAll(0, 1)).slice())).toEqual(['a']);
  });
};
