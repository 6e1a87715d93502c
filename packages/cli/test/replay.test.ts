import { describe, expect, it } from 'vitest';
import { answers, replay, setUp } from './set-up.ts';

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
  it('that is to activate itself is watched until it is active, also by who did not start it', async () => {
    const own = { ...replay, activate: true };
    const verified = { ...own, state: 'verifying', verified: { keys: 5, differences: 0 } };
    const { tenure } = await setUp({
      'GET /ops/generations/customer-360': answers({ items: [], next: null }),
      'GET /ops/replays': answers({ items: [own], next: null }),
      'GET /ops/replays/customer-360.g2': answers(verified, { ...active, activate: true }),
    });
    const said = await tenure('replay', 'status', 'customer-360', '--wait', '--json');
    expect(JSON.parse(said.out)).toMatchObject({ state: 'active' });
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
