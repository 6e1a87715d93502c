// What the tests of verbs start from: a fake server, a world that knows it, and bodies as the server sends them.
import { afterEach } from 'vitest';
import { fakeServer, type Behaviour } from './fake-server.ts';
import { openWorld } from './world.ts';

/** Closed after each test. */
export const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
export const setUp = async (
  routes: NonNullable<Behaviour['routes']> = {},
  options: Parameters<typeof openWorld>[0] = {},
  streams: NonNullable<Behaviour['streams']> = {},
) => {
  const server = await fakeServer({ routes, streams });
  const world = openWorld(options);
  open.push(server.close, () => world[Symbol.dispose]());
  world.announce(server.url);
  return { server, world, tenure: world.tenure };
};
export const answers = (...bodies: readonly object[]) => {
  let at = 0;
  return () => ({ status: 200, body: bodies[Math.min(at++, bodies.length - 1)] ?? {} });
};

export const projection = {
  generation: 1,
  state: 'active',
  stale: false,
  lagEvents: 0,
  lagSeconds: 0,
  documents: 5,
  parked: 0,
  digest: 'ab',
  day: null,
};
export const status = {
  version: '1',
  ready: true,
  degraded: [],
  businessDay: '2026-11-20',
  customers: 2357,
  events: { OrderPlaced: 6919 },
  services: { order: { head: 1, events: 6919, relayed: 1, backlogEvents: 0 } },
  projections: { orders: { ...projection, lagSeconds: 12 }, 'customer-360': projection },
  processes: { 'reactions-order': { lagEvents: 0 } },
};
export const replay = {
  id: 'customer-360.g2',
  projection: 'customer-360',
  generation: 2,
  state: 'building',
  events: 10,
  done: 5,
  rate: 1,
  etaSeconds: 5,
  digest: null,
  day: null,
  verified: null,
  error: null,
};
export const verification = {
  id: 'v1',
  projection: 'customer-360',
  state: 'running',
  checked: 0,
  differences: [],
  digest: null,
  day: null,
  error: null,
};
