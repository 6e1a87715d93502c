import { get, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { signToken } from '@tenure/http';
import { NOW, openWorld, type World } from './world.ts';

let world: World;
afterEach(() => world.close());

const importId = (n: number): string => `00000000-0000-7000-8000-00000000000${n}`;

/** A finished import: an event of the source `ops`. */
const imported = async (n: number): Promise<void> => {
  const body = {
    ...{ importId: importId(n), source: 'shop', accepted: n, updated: 0, duplicates: 0, rejected: 0 },
    reportSha256: 'a'.repeat(64),
  };
  const { status } = await world.call('POST', '/ops/imports', { roles: ['import'], body });
  expect(status).toBeLessThan(300);
};

const follow = async (query: string, headers: Readonly<Record<string, string>> = {}) => {
  const token = await signToken(Buffer.alloc(32, 7), { sub: 'somebody', roles: ['ops'], ttl: 3600 }, NOW);
  let text = '';
  const { promise, resolve } = Promise.withResolvers<IncomingMessage>();
  const sent = get(
    `${world.url}/ops/events${query}`,
    { headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers } },
    resolve,
  );
  const response = await promise;
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  response.on('error', () => {});
  const events = (): readonly Record<string, any>[] =>
    [...text.matchAll(/^event: event\ndata: (.*)$/gm)].map(([, data = '']) => JSON.parse(data));
  if (response.statusCode === 200) await vi.waitFor(() => expect(text).toMatch(/^id: /));
  return {
    response,
    events,
    runs: () => events().map(({ data }) => data['importId']),
    lastId: () => [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1] ?? '',
    leave: () => void sent.destroy(),
  };
};

describe('GET /ops/events as a live stream', () => {
  it('shows what comes into the log from now on, as the pages show it', async () => {
    world = await openWorld();
    await imported(1);
    const tail = await follow('?type=ImportRunCompleted');
    expect(tail.response.headers['content-type']).toBe('text/event-stream');
    await imported(2);
    await vi.waitFor(() => expect(tail.runs()).toEqual([importId(2)]), 3_000);
    const page = await world.call('GET', '/ops/events?type=ImportRunCompleted');
    expect(tail.events()).toEqual([page.json['items'][0]]);
  });

  it('begins with what was recorded since `from`, and keeps to source, type and key', async () => {
    world = await openWorld({ settable: true });
    for (const n of [1, 2, 3]) await imported(n);
    expect((await world.call('POST', '/ops/clock', { body: { closeThrough: '2026-11-20' } })).status).toBe(
      200,
    );
    await world.relay();
    const since = await follow(`?from=${new Date(NOW).toISOString()}&type=ImportRunCompleted`);
    await vi.waitFor(() => expect(since.runs()).toEqual([1, 2, 3].map(importId)), 3_000);
    const none = await follow(`?from=${new Date(NOW + 1).toISOString()}&source=ops`);
    const clock = await follow('?from=1970-01-01T00:00:00Z&source=clock');
    await vi.waitFor(() => expect(clock.events().length).toBeGreaterThan(0), 3_000);
    // Copied to both lanes, told once.
    const positions = clock.events().map(({ position }) => position);
    expect(new Set(positions).size).toBe(positions.length);
    expect(clock.events().every(({ source }) => source === 'clock')).toBe(true);
    const key = since.events()[0]?.['key'] as string;
    const keyed = await follow(`?from=1970-01-01T00:00:00Z&key=${key}&type=ImportRunCompleted`);
    await vi.waitFor(() => expect(keyed.events().length).toBeGreaterThan(0), 3_000);
    expect(keyed.events().every((event) => event['key'] === key)).toBe(true);
    expect(none.events()).toEqual([]);
  });

  it('goes on where a reader was, and takes no place of another question', async () => {
    world = await openWorld();
    const first = await follow('?source=ops&type=ImportRunCompleted');
    await imported(1);
    await vi.waitFor(() => expect(first.runs()).toEqual([importId(1)]), 3_000);
    await vi.waitFor(() => expect(first.lastId()).not.toBe(''));
    first.leave();
    await imported(2);
    const headers = { 'last-event-id': first.lastId() };
    const again = await follow('?source=ops&type=ImportRunCompleted', headers);
    await vi.waitFor(() => expect(again.runs().at(-1)).toBe(importId(2)), 3_000);
    expect((await follow('?source=ops', headers)).response.statusCode).toBe(400);
  });

  it('refuses what is for pages, an unknown source, and one reader too many', async () => {
    world = await openWorld();
    expect((await follow('?limit=5')).response.statusCode).toBe(400);
    expect((await follow('?source=nowhere')).response.statusCode).toBe(404);
    const tails = [];
    for (let i = 0; i < 20; i++) tails.push(await follow(''));
    expect((await follow('')).response.statusCode).toBe(429);
    tails[0]?.leave();
    await vi.waitFor(async () => expect((await follow('')).response.statusCode).toBe(200), 3_000);
  });
});

describe('GET /ops/events/{id}', () => {
  it('finds an event by its id, by its key and id, and by source and position', async () => {
    world = await openWorld();
    await imported(1);
    await imported(2);
    const page = await world.call('GET', '/ops/events?type=ImportRunCompleted');
    const [, older] = page.json['items'];
    for (const path of [
      older.eventId,
      `${older.eventId}?key=${older.key}`,
      `${older.source}:${older.position}`,
    ])
      expect((await world.call('GET', `/ops/events/${path}`, { roles: ['auditor'] })).json).toEqual(older);
  });

  it.each([
    ['00000000-0000-4000-8000-000000000000', 404],
    ['00000000-0000-4000-8000-000000000000?key=nobody', 404],
    ['ops:99999', 404],
    ['nowhere:1', 404],
    ['ops:', 400],
    ['what', 400],
  ])('answers %s with %i', async (path, status) => {
    world = await openWorld();
    await imported(1);
    expect((await world.call('GET', `/ops/events/${path}`)).status).toBe(status);
  });
});
