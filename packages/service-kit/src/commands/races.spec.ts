// Exactly one effect per key, whatever races, is repeated, or loses its answer.
import * as fc from 'fast-check';
import { memoryEventStore, type EventStore } from '@tenure/event-store';
import { describe, expect, it } from 'vitest';
import { id, jsonCodec, on, open, service, toyBus } from '../../test/toy.ts';

type Step = {
  readonly instance: number;
  readonly key: number;
  readonly fault: 'none' | 'before' | 'after';
  readonly wait: boolean;
};

const step: fc.Arbitrary<Step> = fc.record({
  instance: fc.nat(2),
  key: fc.nat(9),
  fault: fc.constantFrom('none', 'none', 'none', 'before', 'after'),
  wait: fc.boolean(),
});

const ACCOUNT = id('raced');
const away = () => Object.assign(new Error('away'), { code: 'UNAVAILABLE', data: {}, retriable: true });

/** Faults of the next appends: the request is lost, or its answer is. */
const faulty = (store: EventStore, faults: Step['fault'][]): EventStore => ({
  ...store,
  async append(stream, expected, events) {
    const fault = faults.shift() ?? 'none';
    if (fault === 'before') throw away();
    const appended = await store.append(stream, expected, events);
    if (fault === 'after') throw away();
    return appended;
  },
});

const amountOf = (key: number): number => 1 + key * key;

const race = async (steps: readonly Step[]) => {
  const store = memoryEventStore();
  const faults: Step['fault'][] = [];
  const instances = [0, 1, 2].map(() => toyBus({ store: faulty(store, faults) }).bus);
  await instances[0]?.submit(open('o', { accountId: ACCOUNT }));
  const pay = (instance: number, key: number) =>
    instances[instance]?.submit(on(ACCOUNT, 'PayIn', `key-${key}`, { amount: amountOf(key) }));
  const revisions = new Map<number, number>();
  const note = (key: number, revision: number | undefined): void => {
    if (revision === undefined) return;
    expect(revisions.get(key) ?? revision).toBe(revision); // every answer to a key is the same
    revisions.set(key, revision);
  };
  const running: Promise<void>[] = [];
  for (const { instance, key, fault, wait } of steps) {
    faults.push(fault);
    const work = (async () => {
      try {
        note(key, (await pay(instance, key))?.revision);
      } catch (error) {
        expect(['UNAVAILABLE', 'STALE_REVISION']).toContain((error as { code: string }).code);
      }
    })();
    running.push(work);
    if (wait) await work;
  }
  await Promise.all(running);
  faults.length = 0;
  const keys = [...new Set(steps.map(({ key }) => key))];
  for (const [i, key] of keys.entries()) note(key, (await pay(i % 3, key))?.revision);
  const views = await Promise.all(instances.map((bus) => bus.read('bank', 'account', ACCOUNT, service)));
  const events = (await store.readAll(0, 10_000)).map((stored) => jsonCodec.decode('bank', stored));
  return { keys, views, events };
};

describe('many instances on one store', () => {
  it('give every key one effect and one answer, and all see the same state', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { keys, views, events } = await race(steps);
        expect(events.map(({ revision }) => revision)).toEqual(events.map((_, i) => i));
        expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
        expect(events).toHaveLength(1 + keys.length);
        const balance = keys.reduce((sum, key) => sum + amountOf(key), 0);
        for (const view of views) expect(view).toMatchObject({ revision: keys.length, state: { balance } });
      }),
      { numRuns: 150 },
    );
  });
});

describe('a command that two processes decide at once', () => {
  it('leaves both with what the first of them has written', async () => {
    const store = memoryEventStore();
    const decided = Promise.withResolvers<void>();
    const late: EventStore = {
      ...store,
      async append(...args) {
        await decided.promise;
        return store.append(...args);
      },
    };
    const first = toyBus({ store });
    const second = toyBus({ store: late });
    second.clock.set(first.clock.now() + 5_000);
    const waiting = second.bus.submit(open('o', { accountId: ACCOUNT }));
    const written = await first.bus.submit(open('o', { accountId: ACCOUNT }));
    decided.resolve();
    expect(await waiting).toMatchObject({ revision: written.revision, position: written.position });
    const seen = await Promise.all(
      [first, second].map(({ bus }) => bus.read('bank', 'account', ACCOUNT, service)),
    );
    const [there, here] = seen.map(({ sealed }) =>
      [...sealed.values()].map(({ ct }) => Buffer.from(ct).toString()),
    );
    expect(here).toEqual(there);
  });
});
