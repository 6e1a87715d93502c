import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { answers, setUp, verification } from './set-up.ts';

describe('verify and heal', () => {
  it('exit with 6 and name the keys that differ', async () => {
    const found = {
      ...verification,
      state: 'done',
      checked: 9,
      differences: [{ key: 'c1', paths: ['/slices/order/count'] }],
    };
    const { server, tenure } = await setUp({
      'POST /ops/verify': () => ({ status: 202, body: verification }),
      'GET /ops/verify/v1': answers(verification, found),
    });
    const said = await tenure('verify', 'customer-360', '--full');
    expect(said).toMatchObject({
      code: 6,
      out: expect.stringMatching(/c1 +\/slices\/order\/count/) as string,
    });
    expect(said.err).toMatch(/tenure heal customer-360 --key c1/);
    expect(server.posts[0]?.body).toEqual({ projection: 'customer-360', full: true });
  });
  it('exit with 0 when nothing differs, with 1 when it could not be done', async () => {
    const { tenure } = await setUp({
      'POST /ops/verify': answers(
        { ...verification, state: 'done', checked: 9, digest: 'ab' },
        { ...verification, state: 'failed', error: 'BEHIND' },
      ),
    });
    expect(await tenure('verify', 'customer-360')).toMatchObject({
      code: 0,
      out: expect.stringContaining('9 documents') as string,
    });
    expect(await tenure('verify', 'customer-360')).toMatchObject({
      code: 1,
      err: expect.stringContaining('BEHIND') as string,
    });
  });
  it('heal keys of options and of a file, once each, at most 1,000 per request', async () => {
    const { server, world, tenure } = await setUp({
      'POST /ops/heal': (body) => ({
        status: 200,
        body: { healed: (body as { keys: string[] }).keys.map((key) => ({ key, changed: key === 'k7' })) },
      }),
    });
    const keys = Array.from({ length: 1500 }, (_, i) => `k${i}`);
    writeFileSync(join(world.folder, 'keys'), `${keys.join('\r\n')}\n\n`);
    const said = await tenure('heal', 'customer-360', '--key', 'k1', 'extra', '--keys-file', 'keys');
    expect(said).toMatchObject({ code: 0, out: '1,501 documents folded anew, 1 of them changed\nk7\n' });
    expect(server.posts.map(({ body }) => (body as { keys: string[] }).keys.length)).toEqual([1000, 501]);
    expect((await tenure('heal', 'customer-360', '--keys-file', 'none')).code).toBe(3);
  });
});

describe('parked customers', () => {
  const row = {
    projection: 'customer-360',
    generation: 1,
    key: 'c1',
    class: 'TypeError',
    message: 'no',
    firstPosition: 1,
    lastPosition: 2,
    events: 2,
    attempts: 1,
    since: '2026-11-20T00:00:00.000Z',
  };
  it('are listed, shown and retried', async () => {
    const { server, tenure } = await setUp({
      'GET /ops/parked': answers(
        { items: [row] },
        { items: [row] },
        { items: [] },
        { items: [row] },
        { items: [] },
      ),
      'POST /ops/parked/customer-360/c1/retry': answers({ released: ['c1'] }, { released: [] }),
      'POST /ops/parked/customer-360/retry': answers({ released: ['c1'] }),
    });
    expect((await tenure('parked', 'list')).out).toMatch(/c1 +TypeError/);
    expect((await tenure('parked', 'show', 'customer-360', '--key', 'c1')).out).toMatch(/message +no/);
    expect((await tenure('parked', 'show', 'customer-360', '--key', 'c1')).code).toBe(3);
    expect(await tenure('parked', 'retry', 'customer-360', '--key', 'c1')).toMatchObject({
      code: 1,
      out: '1 customer flows again, 1 still parked\n',
    });
    expect((await tenure('parked', 'retry', 'customer-360', '--class', 'TypeError')).code).toBe(0);
    expect(server.posts.map(({ path }) => path)).toEqual([
      '/ops/parked/customer-360/c1/retry',
      '/ops/parked/customer-360/retry?class=TypeError',
    ]);
  });
  it('are skipped with a reason by the role that may', async () => {
    const { server, tenure } = await setUp({ 'POST /ops/parked/customer-360/c1/skip': answers({}) });
    const words = ['parked', 'skip', 'customer-360', '--key', 'c1', '--reason', 'known'];
    expect((await tenure(...words)).code).toBe(2);
    expect((await tenure(...words, '--yes')).code).toBe(0);
    expect(server.posts).toMatchObject([{ roles: ['ops-approver'], body: { reason: 'known' } }]);
  });
});
