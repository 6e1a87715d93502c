import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeServer, type Behaviour } from './fake-server.ts';
import { openWorld } from './world.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});
const setUp = async (
  routes: NonNullable<Behaviour['routes']> = {},
  options: Parameters<typeof openWorld>[0] = {},
) => {
  const server = await fakeServer({ routes });
  const world = openWorld(options);
  open.push(server.close, () => world[Symbol.dispose]());
  world.announce(server.url);
  return { server, world, tenure: world.tenure };
};
const answers = (...bodies: readonly object[]) => {
  let at = 0;
  return () => ({ status: 200, body: bodies[Math.min(at++, bodies.length - 1)] ?? {} });
};

const projection = {
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
const status = {
  version: '1',
  ready: true,
  degraded: [],
  businessDay: '2026-11-20',
  customers: 2357,
  events: { OrderPlaced: 6919 },
  services: { order: { head: 1, events: 6919, relayed: 1, backlogEvents: 0 } },
  projections: { orders: { ...projection, lagSeconds: 12 }, 'customer-360': projection },
};
const replay = {
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
const verification = {
  id: 'v1',
  projection: 'customer-360',
  state: 'running',
  checked: 0,
  differences: [],
  digest: null,
  day: null,
  error: null,
};

describe('usage', () => {
  it.each([
    [['imprt'], /Did you mean import\?/],
    [['status', '--jsn'], /Did you mean --json\?/],
    [['replay', 'strat', 'x'], /Did you mean start\?/],
    [['import', 'leads', 'x'], /unknown command 'leads'/],
    [['verify'], /missing required argument 'name'/],
    [['status', '--max-lag', 'soon'], /--max-lag takes a span of time/],
    [['jobs', '--limit', '0'], /--limit takes a whole number/],
    [['heal', 'customer-360'], /--key ID/],
    [['replay', 'retire', 'customer-360', '--yes'], /--generation N/],
    [['clock', 'close', 'tomorrow'], /YYYY-MM-DD/],
    [['token', 'admn'], /Did you mean admin\?/],
    [['token', 'agent'], /--agent ID/],
    [['token', 'admin', '--ttl', '90d'], /between 1s and 31d/],
    [['status', '--url', 'ftp://x'], /must look like http/],
  ])('is wrong in %j: exit 2, and a word of help', async (words, told) => {
    const { tenure } = await setUp();
    expect(await tenure(...words)).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(told) as string,
    });
  });
  it('is shown on stdout when asked for', async () => {
    const { tenure } = await setUp();
    expect(await tenure('--help')).toMatchObject({
      code: 0,
      err: '',
      out: expect.stringContaining('Exit codes') as string,
    });
  });
});

describe('finding the server', () => {
  it.each(['status', 'projections', 'jobs', 'audit', 'clock', 'parked list'])(
    'fails with a way out when there is none: %s',
    async (verb) => {
      const world = openWorld();
      open.push(() => world[Symbol.dispose]());
      const said = await world.tenure(...verb.split(' '));
      expect(said).toMatchObject({
        code: 1,
        out: '',
        err: expect.stringMatching(/SERVER_NOT_RUNNING: .*tenure serve/) as string,
      });
    },
  );
  it('notices that the one in server.json has ended, or does not listen', async () => {
    const { world, tenure } = await setUp();
    writeFileSync(
      join(world.folder, '.data/server.json'),
      JSON.stringify({ url: 'http://127.0.0.1:1', pid: 2 ** 22 + 1 }),
    );
    expect((await tenure('status')).err).toMatch(/has ended/);
    world.announce('http://127.0.0.1:1');
    expect(await tenure('status')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/Nothing listens/) as string,
    });
  });
  it('takes --url and --token before everything else, and asks for a token where it cannot make one', async () => {
    const { server, tenure } = await setUp({ 'GET /ops/status': answers(status) });
    const { out: token } = await tenure('token', 'auditor');
    expect((await tenure('status', '--data', 'none', '--url', server.url)).code).toBe(4);
    expect(
      (await tenure('status', '--data', 'none', '--url', server.url, '--token', token.trim())).code,
    ).toBe(0);
  });
});

describe('status', () => {
  it('prints one object with --json, a table for people, and exits with 7 when behind', async () => {
    const { tenure } = await setUp({ 'GET /ops/status': answers(status) });
    const json = await tenure('status', '--json');
    expect(JSON.parse(json.out)).toEqual(status);
    expect(json).toMatchObject({ code: 0, err: '' });
    expect((await tenure('status')).out).toMatch(/2,357 customers[^]*customer-360 +1 +active/);
    expect(await tenure('status', '--max-lag', '20s')).toMatchObject({ code: 0 });
    expect(await tenure('status', '--max-lag', '5s')).toMatchObject({
      code: 7,
      err: 'orders is 12 s behind, more than 5s\n',
    });
  });
  it('says when what answers is no Tenure, or fails', async () => {
    const { tenure } = await setUp({
      'GET /ops/status': () => ({ status: 500, body: { code: 'INTERNAL', detail: 'The server failed.' } }),
    });
    expect(await tenure('status')).toMatchObject({ code: 1, err: 'INTERNAL: The server failed.\n' });
  });
});

describe('replay', () => {
  const active = {
    ...replay,
    state: 'active',
    done: 10,
    verified: { keys: 5, differences: 0 },
    digest: 'ab',
  };
  it('waits for the end with --wait', async () => {
    const { server, tenure } = await setUp({
      'POST /ops/replays': () => ({ status: 202, body: replay }),
      'GET /ops/replays/customer-360.g2': answers(replay, { ...replay, state: 'verifying' }, active),
    });
    const said = await tenure('replay', 'start', 'customer-360', '--activate', '--wait', '--json');
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(said.out)).toEqual(active);
    expect(server.posts).toMatchObject([
      { roles: ['ops'], body: { projection: 'customer-360', activate: true } },
    ]);
  });
  it('is over without --activate when it is verified', async () => {
    const done = { ...replay, state: 'verifying', verified: { keys: 5, differences: 0 } };
    const { tenure } = await setUp({
      'POST /ops/replays': () => ({ status: 202, body: replay }),
      'GET /ops/replays/customer-360.g2': answers(replay, done),
    });
    const said = await tenure('replay', 'start', 'customer-360', '--wait');
    expect(said.out).toMatch(/replay activate customer-360 --generation 2/);
    expect(said.code).toBe(0);
  });
  it.each([
    [{ ...active, state: 'failed', error: 'BUILD_STORM' }, 1],
    [{ ...active, state: 'failed', error: 'differs', verified: { keys: 5, differences: 2 } }, 6],
  ])('tells by its exit code how it failed', async (end, code) => {
    const { tenure } = await setUp({
      'POST /ops/replays': () => ({ status: 202, body: replay }),
      'GET /ops/replays/customer-360.g2': answers(end),
    });
    expect(await tenure('replay', 'start', 'customer-360', '--wait')).toMatchObject({ code });
  });
  it('prints the id and does not wait where nobody watches', async () => {
    const { tenure } = await setUp({ 'POST /ops/replays': () => ({ status: 202, body: replay }) });
    expect(await tenure('replay', 'start', 'customer-360')).toMatchObject({
      code: 0,
      out: 'customer-360.g2\n',
    });
  });
  it('goes on without whoever presses Ctrl-C', async () => {
    const { world, tenure } = await setUp({
      'POST /ops/replays': () => ({ status: 202, body: replay }),
      'GET /ops/replays/customer-360.g2': () => {
        world.interrupt();
        return { status: 200, body: replay };
      },
    });
    const said = await tenure('replay', 'start', 'customer-360', '--wait');
    expect(said).toMatchObject({ code: 130, err: expect.stringMatching(/goes on without you/) as string });
  });
  it('passes on that one runs already', async () => {
    const { tenure } = await setUp({
      'POST /ops/replays': () => ({ status: 409, body: { code: 'REPLAY_RUNNING', detail: 'Wait.' } }),
    });
    expect((await tenure('replay', 'start', 'customer-360')).code).toBe(5);
  });
  it('activates the newest verified generation and rolls back to the standby', async () => {
    const generation = { version: 1, createdAt: '2026-11-20T00:00:00.000Z', error: null };
    const verified = { keys: 5, differences: 0 };
    const items = [
      { ...generation, generation: 1, state: 'standby', verified: null },
      { ...generation, generation: 2, state: 'active', verified },
      { ...generation, generation: 3, state: 'verifying', verified },
      { ...generation, generation: 4, state: 'verifying', verified: { keys: 5, differences: 1 } },
    ];
    const { server, tenure } = await setUp({
      'GET /ops/generations/customer-360': answers({ items }),
      'POST /ops/generations/customer-360/3/activate': answers({}),
      'POST /ops/generations/customer-360/1/rollback': answers({}),
    });
    expect((await tenure('replay', 'activate', 'customer-360')).code).toBe(0);
    expect((await tenure('replay', 'rollback', 'customer-360')).code).toBe(0);
    expect(server.posts).toHaveLength(2);
  });
});

describe('what cannot be taken back', () => {
  const retire = ['replay', 'retire', 'customer-360', '--generation', '1'];
  const routes = { 'POST /ops/generations/customer-360/1/retire': answers({}) };
  it('is not done without --yes where nobody can be asked', async () => {
    const { server, tenure } = await setUp(routes);
    expect(await tenure(...retire)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/Nothing was done. Add --yes/) as string,
    });
    expect(server.posts).toEqual([]);
  });
  it('is done with --yes, or the typed name, and not with another one', async () => {
    const { server, tenure } = await setUp(routes);
    expect((await tenure(...retire, '--yes')).code).toBe(0);
    expect(server.posts).toHaveLength(1);
    const typed = await setUp(routes, { typed: 'customer-360' });
    expect((await typed.tenure(...retire)).code).toBe(0);
    const wrong = await setUp(routes, { typed: 'yes' });
    expect((await wrong.tenure(...retire)).code).toBe(2);
  });
  it('is only shown with --dry-run', async () => {
    const { server, tenure } = await setUp(routes);
    const said = await tenure(...retire, '--dry-run');
    expect(said).toMatchObject({
      code: 0,
      out: 'would send POST /ops/generations/customer-360/1/retire {}\n',
    });
    expect(server.posts).toEqual([]);
  });
});

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

describe('tokens', () => {
  it('say whom and what they are for, and how long', async () => {
    const { tenure } = await setUp();
    const { out, err } = await tenure('token', 'agent', '--agent', 'a1', '--teams', 'T1, T2', '--ttl', '15m');
    expect(err).toBe('');
    const claims = decodeJwt(out.trim());
    expect(claims).toMatchObject({
      sub: 'a1',
      roles: ['agent'],
      agent: 'a1',
      teams: ['T1', 'T2'],
      aud: 'tenure',
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(900);
    expect(decodeJwt((await tenure('token', 'service:order')).out.trim()).sub).toBe('service:order');
    expect(decodeJwt((await tenure('token', 'import', '--sub', 'nightly')).out.trim()).sub).toBe('nightly');
  });
  it('need a data directory', async () => {
    const { world, tenure } = await setUp();
    expect((await tenure('token', 'ops', '--data', 'elsewhere')).code).toBe(3);
    expect(existsSync(join(world.folder, 'elsewhere'))).toBe(false);
  });
});

describe('doctor', () => {
  it('finds a secret that others can read, and a server that is not ready', async () => {
    const { world, tenure } = await setUp({ 'GET /ops/status': answers({ ...status, ready: false }) });
    const { chmodSync } = await import('node:fs');
    chmodSync(join(world.folder, '.data/secrets.json'), 0o644);
    const said = await tenure('doctor');
    expect(said.code).toBe(1);
    expect(said.out).toMatch(/✗ secrets[^]*chmod 600[^]*✗ server +it answers but is not ready/);
  });
  it('is content with a server that is ready', async () => {
    const { tenure } = await setUp({ 'GET /ops/status': answers(status) });
    const said = await tenure('doctor', '--json');
    expect(JSON.parse(said.out)).toMatchObject({ ok: true });
  });
});
