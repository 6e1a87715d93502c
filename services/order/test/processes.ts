// Orders and returns with their processes, in memory.
import { uuid5 } from '@tenure/core';
import { idOf } from '@tenure/testing';
import { openProcesses, type World } from '@tenure/testing/processes';
import { loadPolicies, SHARED_POLICIES } from '@tenure/service-kit';
import { orderService } from '../src/service.ts';

const START = Date.UTC(2026, 2, 23);
export const customerId = idOf('customer');

export const openWorld = async (): Promise<World> => {
  const folders = [new URL('../../../policies/', import.meta.url), new URL('../policies/', import.meta.url)];
  const schemas = [...SHARED_POLICIES, ...(orderService.policies ?? [])];
  const { policies } = await loadPolicies({ folders, schemas });
  return openProcesses([orderService], policies, START);
};

const cny = (minor: number) => ({ minor, currency: 'CNY' });

/** Twelve packs at 38.00 with 13 % tax: 515.28. */
export const lines = [
  {
    lineId: idOf('packs'),
    productId: idOf('reagent pack'),
    qty: 12,
    unitPrice: cny(3_800),
    discount: cny(0),
    tax: cny(5_928),
    total: cny(51_528),
  },
];
export const total = cny(51_528);
export const packs = (qty: number) => [{ lineId: idOf('packs'), qty }];

/** An order by its name, fulfilled. */
export const fulfil = async (world: World, order: string): Promise<string> => {
  const id = idOf(order);
  await world.send('order', 'PlaceOrder', { orderId: id, customerId, channel: 'WEB_SHOP', lines, total });
  await world.send('order', 'ConfirmOrder', {}, { id });
  await world.send('order', 'CompleteFulfilment', {}, { id });
  return id;
};

/** Asks for a return by its name. */
export const askFor = (world: World, name: string, orderId: string, qty: number) =>
  world.send('return', 'RequestReturn', {
    returnId: idOf(name),
    orderId,
    lines: packs(qty),
    reasonCode: 'DEFECT',
  });

/** Types of the events of a stream. */
export const typesOf = async (world: World, stream: string): Promise<readonly string[]> =>
  (await world.events()).filter((event) => event.stream === stream).map(({ type }) => type);

/** A deal was won. */
export const win = (world: World, deal: string, revision = 0, more: object = {}): Promise<void> =>
  world.tell({
    source: 'opportunity',
    type: 'OpportunityWon',
    id: uuid5(idOf(deal), 'won', String(revision)),
    stream: `opportunity-${idOf(deal)}`,
    revision,
    key: customerId,
    data: {
      opportunityId: idOf(deal),
      quoteId: null,
      amount: total,
      lines: lines.map((line) => ({ ...line, category: null, attributes: null })),
      wonBy: { kind: 'user', id: 'agent-1' },
      ...more,
    },
  });
