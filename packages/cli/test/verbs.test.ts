import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { answers, open, setUp, status } from './set-up.ts';
import { openWorld } from './world.ts';

describe('usage', () => {
  it.each([
    [['imprt'], /Did you mean import\?/],
    [['status', '--jsn'], /Did you mean --json\?/],
    [['replay', 'strat', 'x'], /Did you mean start\?/],
    [['import', 'lead', 'x'], /Did you mean leads\?/],
    [['import', 'leads', 'x'], /--mapping <name>/],
    [['import', 'leads', 'x', '--mapping', 'cdnow-sample'], /is for orders: tenure import orders/],
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
