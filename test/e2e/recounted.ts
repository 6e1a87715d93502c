// The 360° documents against a recount of the file that was imported.
import { expect } from 'vitest';
import { get } from './client.ts';
import type { Recount } from './purchases.ts';
import type { Server } from './server.ts';

/** Requests at once: enough to keep the server busy. */
const AT_ONCE = 8;

/** Services read as much as they like; a person would be asked to wait. */
const reader = { roles: ['service:churn'] };

/** What the 360 of a customer of the file says, in the terms of a recount. */
const shownOf = async (server: Server, externalId: string): Promise<Recount> => {
  const found = await get(server, `/api/customers?externalId=cdnow:${externalId}`, reader);
  const [item, ...more] = found.json['items'] as { readonly id: string }[];
  if (item === undefined || more.length > 0) throw new Error(`${externalId} is found ${more.length} times`);
  const { status, json } = await get(server, `/api/customers/${item.id}/360`, reader);
  expect([status, json['stale']]).toEqual([200, false]);
  const { order, customer } = json['slices'];
  expect(customer.externalIds).toEqual([expect.objectContaining({ system: 'cdnow', id: externalId })]);
  expect(order.net.map(({ currency }: { currency: string }) => currency)).toEqual(['USD']);
  return { orders: order.count, sum: order.net[0].minor, first: order.firstOn, last: order.lastOn };
};

/** Every customer of a recount is shown as it says. */
export const expectRecounted = async (
  server: Server,
  counted: ReadonlyMap<string, Recount>,
): Promise<void> => {
  const ids = [...counted.keys()];
  const shown = new Map<string, Recount>();
  const work = async (): Promise<void> => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) shown.set(id, await shownOf(server, id));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  expect(Object.fromEntries(shown)).toEqual(Object.fromEntries(counted));
};
