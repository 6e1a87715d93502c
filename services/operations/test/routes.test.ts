import { uuid5, URL_NAMESPACE } from '@tenure/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { brokenAt, type ChainedFact } from '../src/audit-chain.ts';
import { openWorld, refused, replay, type World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world.close());

const jobs = async () => (await world.call('GET', '/ops/jobs')).json['items'] as { type: string }[];
const audited = async () => {
  const { json } = await world.call('GET', '/ops/audit');
  return json['items'] as { data: ChainedFact; occurredAt: string; recordedAt: string }[];
};
const actions = async () => (await audited()).map(({ data }) => `${data.action} · ${data.subject}`);

describe('GET /ops/status', () => {
  it('shows how everything stands', async () => {
    const { status, json } = await world.call('GET', '/ops/status');
    expect(status).toBe(200);
    expect(json).toEqual({
      version: '1.2.3',
      ready: true,
      degraded: [{ projection: 'orders', parked: 1 }],
      businessDay: null,
      customers: 3,
      events: { OrderPlaced: 5 },
      services: {
        clock: { head: 0, events: 0, relayed: 0, backlogEvents: 0 },
        ops: { head: 0, events: 0, relayed: 0, backlogEvents: 0 },
      },
      projections: {},
      processes: { 'reactions-order': { lagEvents: 0 } },
    });
    expect((await world.call('GET', '/ops/head', { roles: ['service:order'] })).json['ops'].lanes).toEqual([
      0, 0,
    ]);
  });

  it('is for operators', async () => {
    for (const path of [
      '/ops/status',
      '/ops/clock',
      '/ops/jobs',
      '/ops/events',
      '/ops/parked',
      '/ops/replays',
    ])
      expect((await world.call('GET', path, { roles: ['supervisor'] })).status).toBe(403);
    expect((await world.call('GET', '/ops/audit', { roles: ['ops'] })).status).toBe(403);
  });
});

describe('replays', () => {
  const verified = {
    ...replay,
    state: 'verifying',
    verified: { keys: 3, differences: 0 },
    digest: 'd',
  } as const;

  it('start, and are on record from beginning to end', async () => {
    const states = [
      { ...replay, activate: true, state: 'catching-up' as const },
      { ...verified, activate: true },
      { ...verified, activate: true, state: 'active' as const },
    ];
    world.control.replay = async () => states.shift() ?? refused('NOT_FOUND');
    const body = { projection: 'orders', activate: true };
    const { status, headers, json } = await world.call('POST', '/ops/replays', { body });
    expect(status).toBe(202);
    expect(headers.get('location')).toBe('/ops/replays/orders.g2');
    expect(json).toEqual({ ...replay, activate: true });
    await expect
      .poll(async () => (await jobs()).map(({ type }) => type))
      .toEqual(['ProjectionSwapped', 'ReplayCompleted', 'ReplayStarted']);
    const [swap, end, start] = (await jobs()) as unknown as { data: object; by: object }[];
    expect(start).toMatchObject({
      by: { kind: 'user' },
      data: { projection: 'orders', generation: 2, from: 0 },
    });
    expect(end).toMatchObject({ data: { events: 100, stateSha256: 'd', seconds: '0' } });
    expect(swap).toMatchObject({ data: { fromGeneration: 1, toGeneration: 2 } });
    expect(await actions()).toContain('sub of admin replay orders · POST /ops/replays');
  });

  it('that are not to be activated end when they are verified', async () => {
    world.control.replay = () => Promise.resolve(verified);
    await world.call('POST', '/ops/replays', { body: { projection: 'orders' } });
    await expect
      .poll(async () => (await jobs()).map(({ type }) => type))
      .toEqual(['ReplayCompleted', 'ReplayStarted']);
  });

  it('that fail leave no end on record, and never end the process', async () => {
    world.control.replay = () => Promise.resolve({ ...replay, state: 'failed', error: 'poison' });
    await world.call('POST', '/ops/replays', { body: { projection: 'orders' } });
    world.control.replay = () => refused('UNAVAILABLE');
    await world.call('POST', '/ops/replays', { body: { projection: 'orders' } });
    await world.relay();
    expect((await jobs()).map(({ type }) => type)).toEqual(['ReplayStarted']); // one generation, one record
  });

  it('are refused while one runs, and nothing is recorded of it', async () => {
    world.control.startReplay = () => refused('REPLAY_RUNNING');
    const { status, json } = await world.call('POST', '/ops/replays', { body: { projection: 'orders' } });
    expect([status, json['code']]).toEqual([409, 'REPLAY_RUNNING']);
    expect(await jobs()).toEqual([]);
  });

  it('are waited for', async () => {
    expect((await world.call('GET', '/ops/replays/orders.g2?wait=20')).json['state']).toBe('active');
    expect(world.calls).toContain('wait 20000');
    expect((await world.call('GET', '/ops/replays/orders.g2?wait=26')).status).toBe(400);
    expect((await world.call('GET', '/ops/replays/orders.g2?wait=')).status).toBe(400);
  });
});

describe('generations', () => {
  it('are listed with their times in ISO', async () => {
    const { json } = await world.call('GET', '/ops/generations/orders');
    expect(json['items']).toMatchObject([
      {
        generation: 1,
        state: 'active',
        createdAt: '2026-11-20T09:00:00.000Z',
        changedAt: '2026-11-20T09:00:00.001Z',
      },
    ]);
  });

  it('are switched, gone back to and retired, on record and audited', async () => {
    expect((await world.call('POST', '/ops/generations/orders/2/activate')).json).toMatchObject({
      generation: 2,
    });
    await world.call('POST', '/ops/generations/orders/1/rollback');
    expect((await world.call('POST', '/ops/generations/orders/1/retire')).status).toBe(200);
    expect(world.calls).toEqual(['activate orders 2', 'rollback orders 1', 'retire orders 1']);
    expect((await jobs()).map(({ type }) => type)).toEqual(['ProjectionSwapped', 'ProjectionSwapped']);
    expect(await actions()).toEqual([
      'sub of admin retire orders 1 · POST /ops/generations/{projection}/{generation}/retire',
      'sub of admin rollback orders 1 · POST /ops/generations/{projection}/{generation}/rollback',
      'sub of admin activate orders 2 · POST /ops/generations/{projection}/{generation}/activate',
    ]);
  });

  it('that are not there are nothing to retire', async () => {
    expect((await world.call('POST', '/ops/generations/orders/9/retire')).status).toBe(404);
    expect((await world.call('POST', '/ops/generations/orders/x/retire')).status).toBe(400);
    world.control.activate = () => refused('ILLEGAL_STATE');
    expect((await world.call('POST', '/ops/generations/orders/2/activate')).status).toBe(409);
    expect(await jobs()).toEqual([]);
  });
});

describe('repairs', () => {
  it('verify and heal', async () => {
    const started = await world.call('POST', '/ops/verify', { body: { projection: 'orders', full: true } });
    expect(started.status).toBe(202);
    expect(started.headers.get('location')).toBe('/ops/verify/v1');
    expect((await world.call('GET', '/ops/verify/v1?wait=1')).json['differences']).toEqual([
      { key: 'k', paths: ['/slices'] },
    ]);
    const body = { projection: 'orders', keys: ['a', 'b'] };
    expect((await world.call('POST', '/ops/heal', { body })).json).toEqual({
      healed: [
        { key: 'a', changed: true },
        { key: 'b', changed: false },
      ],
    });
    expect(await actions()).toEqual(['sub of admin heal orders: 2 customers · POST /ops/heal']);
    const tooMany = { projection: 'orders', keys: Array.from({ length: 1001 }, () => 'k') };
    expect((await world.call('POST', '/ops/heal', { body: tooMany })).status).toBe(400);
  });

  it('list who is parked and not released', async () => {
    const { json } = await world.call('GET', '/ops/parked');
    expect(json['items'].map(({ key }: { key: string }) => key)).toEqual(['a', 'b']);
    expect(json['items'][0]).toEqual({
      projection: 'orders',
      generation: 1,
      key: 'a',
      class: 'TypeError',
      message: 'a fold failed',
      source: 'order',
      codeHash: 'c',
      firstPosition: 7,
      lastPosition: 9,
      events: 2,
      attempts: 1,
      since: '2026-11-20T09:00:00.000Z',
    });
    expect((await world.call('GET', '/ops/parked?class=Other')).json['items']).toHaveLength(1);
    expect((await world.call('GET', '/ops/parked?key=z')).json['items']).toEqual([]);
  });

  it('retry one, many of a class, or release with a reason', async () => {
    expect((await world.call('POST', '/ops/parked/orders/a/retry')).json).toEqual({ released: ['a'] });
    await world.call('POST', '/ops/parked/orders/retry?class=TypeError');
    expect((await world.call('POST', '/ops/parked/orders/a/skip', { body: {} })).status).toBe(400);
    await world.call('POST', '/ops/parked/orders/a/skip', { body: { reason: 'a bug of 2024' } });
    expect(world.calls).toEqual([
      'retry orders {"key":"a"}',
      'retry orders {"class":"TypeError"}',
      'skip orders a a bug of 2024',
    ]);
    expect((await actions()).map((action) => action.split(' · ')[0])).toEqual([
      'sub of admin skip orders a',
      'sub of admin retry orders: 1 customers',
      'sub of admin retry orders a',
    ]);
  });
});

describe('imports', () => {
  const run = {
    importId: uuid5(URL_NAMESPACE, 'import'),
    source: 'cdnow',
    accepted: 6919,
    updated: 0,
    duplicates: 0,
    rejected: 0,
    reportSha256: 'a'.repeat(64),
  };

  it('are recorded once', async () => {
    for (let i = 0; i < 2; i++) {
      const { status, json } = await world.call('POST', '/ops/imports', { roles: ['import'], body: run });
      expect([status, json['importId']]).toEqual([201, run.importId]);
    }
    expect(await jobs()).toMatchObject([{ type: 'ImportRunCompleted', data: run }]);
  });
});

describe('the explorer, the jobs and the audit', () => {
  it('page over all sources, newest first, with a cursor of their own', async () => {
    await world.closeDue();
    for (let i = 0; i < 3; i++)
      await world.call('POST', '/ops/heal', { body: { projection: 'orders', keys: ['a'] } });
    await world.call('GET', '/ops/events'); // relays
    const seen: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const query: string = next === '' ? '' : `&cursor=${next}`;
      const { json } = await world.call('GET', `/ops/events?limit=2${query}`);
      seen.push(...json['items'].map(({ type }: { type: string }) => type));
      next = json['next'] as string | null;
    }
    expect(seen.toSorted()).toEqual(['AuditRecorded', 'AuditRecorded', 'AuditRecorded', 'BusinessDayClosed']);
    const { json } = await world.call('GET', '/ops/events?source=clock&type=BusinessDayClosed');
    expect(json['items']).toMatchObject([{ key: 'deployment', data: { businessDate: '2026-11-19' } }]);
    expect(json['asOf']).toEqual({ clock: 1 });
  });

  it('know their sources and their cursors', async () => {
    expect((await world.call('GET', '/ops/events?source=nowhere')).json).toMatchObject({
      status: 404,
      sources: ['clock', 'ops'],
    });
    for (const query of ['cursor=abc', 'limit=0', 'from=yesterday', 'colour=red'])
      expect((await world.call('GET', `/ops/events?${query}`)).status).toBe(400);
  });

  it('let nobody change what was audited unseen', async () => {
    await world.call('GET', '/ops/status', { roles: ['supervisor'] });
    await world.call('POST', '/ops/heal', { body: { projection: 'orders', keys: ['a'] } });
    await world.call('GET', '/ops/head', { roles: ['agent'] });
    const chain = (await audited())
      .toReversed()
      .map(({ data, occurredAt }) => ({ ...data, at: Date.parse(occurredAt) }));
    expect(chain.map(({ outcome }) => outcome)).toEqual(['REFUSED', 'DONE', 'REFUSED']);
    expect(brokenAt(chain)).toBeNull();
    expect(brokenAt(chain.toSpliced(1, 1))).toBe(1);
  });

  it('hand out the raw log to services', async () => {
    await world.closeDue();
    await world.relay();
    const path = '/ops/log/clock/1';
    const { headers, text } = await world.call('GET', `${path}?from=1`, { roles: ['service:order'] });
    expect(headers.get('content-type')).toContain('application/x-ndjson');
    const record = JSON.parse(text) as Record<string, unknown>;
    expect(record).toMatchObject({ seq: 1, position: 1, type: 'BusinessDayClosed', key: 'deployment' });
    expect(record['meta']).toMatchObject({ actor: { kind: 'clock' } });
    expect(Buffer.from(String(record['payload']), 'base64')[0]).toBe(0);
    expect((await world.call('GET', `${path}?from=2`)).text).toBe('');
    expect((await world.call('GET', '/ops/log/clock/2')).status).toBe(404);
    expect((await world.call('GET', '/ops/log/nowhere/0')).status).toBe(404);
    expect((await world.call('GET', `${path}?limit=5001`)).status).toBe(400);
  });
});
