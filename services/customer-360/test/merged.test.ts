import { afterEach, describe, expect, it } from 'vitest';
import { idOf } from './stories.ts';
import { bought, openWorld, reachable, registered, type Happened, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const of = (name: string, tail = '360') => `/api/customers/${idOf(name)}/${tail}`;
const mergeId = idOf('merge');
const approvedBy = { kind: 'user', id: 'supervisor-1' };

const merged = (survivor: string, absorbed: string, on: string): readonly Happened[] => {
  const survivorId = idOf(survivor);
  return [
    {
      source: 'customer',
      type: 'CustomersMerged',
      customer: survivor,
      on,
      data: {
        mergeId,
        survivorId,
        absorbedIds: [idOf(absorbed)],
        ruleId: 'identity',
        ruleVersion: 1,
        score: 100,
        approvedBy,
        fieldChoices: {},
      },
    },
    {
      source: 'customer',
      type: 'CustomerAbsorbed',
      customer: absorbed,
      on,
      data: { mergeId, survivorId },
    },
  ];
};

const unmerged = (survivor: string, absorbed: string, on: string): readonly Happened[] => {
  const data = { mergeId, survivorId: idOf(survivor), restoredIds: [idOf(absorbed)], reason: 'two persons' };
  return [
    { source: 'customer', type: 'CustomersUnmerged', customer: survivor, on, data: { ...data, approvedBy } },
    { source: 'customer', type: 'CustomerRestored', customer: absorbed, on, data: { mergeId } },
  ];
};

const told = async (): Promise<void> => {
  world = await openWorld();
  await world.tell(
    registered('ada', 'Ada Lovelace', '2026-11-02'),
    ...bought('ada', 'first', '2026-11-04', 2_990),
    registered('bob', 'Bob', '2026-11-03'),
    reachable('bob', 'EMAIL', 'bob@example.org', '2026-11-03'),
    ...bought('bob', 'second', '2026-11-05', 1_010),
    ...merged('ada', 'bob', '2026-11-06'),
  );
};

const types = (json: { items: { type: string }[] }) => json.items.map(({ type }) => type);

describe('a customer merged into another', () => {
  it('answers 308 to the same path of the survivor, who has the orders of both', async () => {
    await told();
    for (const tail of ['360', 'timeline']) {
      const { status, headers } = await world.get(of('bob', tail));
      expect([status, headers.get('location')]).toEqual([308, of('ada', tail)]);
    }
    const { json } = await world.get(of('ada'));
    expect(json.slices.order).toMatchObject({ count: 2, net: [{ minor: 4_000, currency: 'USD' }] });
    const { items } = (await world.get('/api/customers?q=bob@example.org')).json;
    expect(items.map(({ id }: { id: string }) => id)).toEqual([idOf('ada')]);
  });

  it('has his events in the timeline of the survivor, newest first, page by page', async () => {
    await told();
    const all = types((await world.get(of('ada', 'timeline'))).json);
    expect(all).toEqual([
      'CustomerAbsorbed',
      'CustomersMerged',
      'OrderFulfilled',
      'OrderPlaced',
      'OrderFulfilled',
      'OrderPlaced',
      'ContactPointAdded',
      'CustomerRegistered',
      'CustomerRegistered',
    ]);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { json }: { json: any } = await world.get(of('ada', `timeline?limit=2${cursor}`));
      seen.push(...types(json));
      cursor = json.next === null ? null : `&cursor=${encodeURIComponent(json.next)}`;
    }
    expect(seen).toEqual(all);
  });

  it('is himself again when the merge is undone, and both keep what happened since', async () => {
    await told();
    await world.tell(...bought('bob', 'third', '2026-11-07', 500), ...unmerged('ada', 'bob', '2026-11-08'));
    const ada = (await world.get(of('ada'))).json;
    const bob = (await world.get(of('bob'))).json;
    expect([ada.slices.order.count, bob.slices.order.count]).toEqual([1, 2]);
    expect(bob.slices.customer).toMatchObject({ displayName: 'Bob', updatedAt: '2026-11-03T00:00:00.000Z' });
    expect(types((await world.get(of('bob', 'timeline'))).json).slice(0, 2)).toEqual([
      'CustomerRestored',
      'OrderFulfilled',
    ]);
    expect(types((await world.get(of('ada', 'timeline'))).json).slice(0, 2)).toEqual([
      'CustomersUnmerged',
      'CustomersMerged',
    ]);
  });
});
