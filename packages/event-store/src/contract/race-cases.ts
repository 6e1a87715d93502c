import { describe, expect, it } from 'vitest';
import { isTenureError } from '@tenure/core';
import type { EventStore, StoredEvent } from '../event-store.ts';
import { event, everything, expectInOrder, nameOf, namesOf, type Subject } from './subject.ts';

export const raceCases = (subject: Subject): void => {
  describe('races', () => {
    creators(subject);
    writers(subject);
    readers(subject);
  });
};

const creators = (subject: Subject): void => {
  it('200 streams × 4 racing creators: exactly one winner each', async () => {
    const { store } = subject();
    const races = Array.from({ length: 200 }, (_, stream) =>
      Promise.allSettled(
        Array.from({ length: 4 }, (__, creator) =>
          store.append(`order-${stream}`, 'none', [event(`s${stream} c${creator}`)]),
        ),
      ),
    );
    for (const race of await Promise.all(races)) {
      expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const losers = race.filter((one) => one.status === 'rejected');
      for (const { reason } of losers)
        expect(reason).toMatchObject({ code: 'WRONG_EXPECTED_REVISION', data: { actual: 0 } });
    }
    const stored = await everything(store);
    expect(stored).toHaveLength(200);
    expectInOrder(stored);
  });

  it('64 writers on one store: no error, no lost or hidden event', async () => {
    const { store } = subject();
    const perWriter = 25;
    await Promise.all(
      Array.from({ length: 64 }, async (_, writer) => {
        for (let i = 0; i < perWriter; i++)
          await store.append(`order-${writer}`, i === 0 ? 'none' : i - 1, [event(`w${writer} e${i}`)]);
      }),
    );
    const stored = await everything(store);
    expectInOrder(stored);
    expect(new Set(namesOf(stored)).size).toBe(64 * perWriter);
    expect((await store.head()).events).toBe(64 * perWriter);
  });
};

const writers = (subject: Subject): void => {
  it('64 writers on one stream: each reloads until it wins, nothing is lost or overwritten', async () => {
    const { store } = subject();
    await store.append('order-1', 'none', [event('first')]);
    await Promise.all(Array.from({ length: 64 }, (_, writer) => appendAtLast(store, `w${writer}`)));
    const stored = await everything(store);
    expectInOrder(stored);
    expect(new Set(namesOf(stored)).size).toBe(65);
  });

  it("racing writers under 'any' never conflict", async () => {
    const { store } = subject();
    const appends = Array.from({ length: 200 }, (_, i) =>
      store.append('audit', 'any', [event(`a${i}`), event(`b${i}`)]),
    );
    const revisions = (await Promise.all(appends)).map(({ revision }) => revision).toSorted((a, b) => a - b);
    expect(revisions).toEqual(Array.from({ length: 200 }, (_, i) => 2 * i + 1));
    const names = namesOf(await everything(store));
    for (let i = 0; i < names.length; i += 2) expect(names[i + 1]).toBe(names[i]?.replace('a', 'b'));
  });
};

const readers = (subject: Subject): void => {
  it('a reader by readAll during concurrent appends sees every event once, in order', async () => {
    const { store } = subject();
    let writing = true;
    const reader = (async () => {
      const seen: StoredEvent[] = [];
      for (let more = true; more;) {
        const done = !writing;
        const batch = await store.readAll(seen.at(-1)?.position ?? 0, 17);
        seen.push(...batch);
        more = batch.length > 0 || !done;
        await new Promise(setImmediate);
      }
      return seen;
    })();
    await writeConcurrently(store);
    writing = false;
    const seen = await reader;
    expectInOrder(seen);
    expect(seen).toEqual(await everything(store));
    expect(seen).toHaveLength(WRITTEN);
  });

  it('a follower during concurrent appends sees every event once, in order', async () => {
    const { store } = subject();
    const stop = new AbortController();
    const seen: StoredEvent[] = [];
    const follower = (async () => {
      for await (const batch of store.follow(0, stop.signal)) {
        seen.push(...batch);
        if (seen.length >= WRITTEN) stop.abort();
      }
    })();
    await writeConcurrently(store);
    await follower;
    expectInOrder(seen);
    expect(seen.map(nameOf)).toEqual(namesOf(await everything(store)));
  });
};

const WRITERS = 16;
const APPENDS_EACH = 30;
const WRITTEN = WRITERS * APPENDS_EACH * 2;

const writeConcurrently = async (store: EventStore): Promise<void> => {
  await Promise.all(
    Array.from({ length: WRITERS }, async (_, writer) => {
      for (let i = 0; i < APPENDS_EACH; i++)
        await store.append(`order-${writer}`, i === 0 ? 'none' : 2 * i - 1, [
          event(`w${writer} e${i}`),
          event(`w${writer} f${i}`),
        ]);
    }),
  );
};

const appendAtLast = async (store: EventStore, name: string): Promise<void> => {
  for (let expected = 0; ;)
    try {
      await store.append('order-1', expected, [event(name)]);
      return;
    } catch (error) {
      if (!isTenureError(error, 'WRONG_EXPECTED_REVISION')) throw error;
      expected = Number(error.data['actual']);
    }
};
