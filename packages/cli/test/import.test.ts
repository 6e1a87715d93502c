import { readFileSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeServer, type Behaviour, type FakeServer } from './fake-server.ts';
import { openWorld, purchases, type Said, type TestWorld } from './world.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const setUp = async (behaviour: Behaviour = {}, file = purchases(600, 40)) => {
  const server = await fakeServer(behaviour);
  const world = openWorld();
  open.push(server.close, () => world[Symbol.dispose]());
  world.announce(server.url);
  writeFileSync(join(world.folder, 'sales.txt'), file);
  return { server, world };
};
const importing = (world: TestWorld, ...more: string[]): Promise<Said> =>
  world.tenure('import', 'orders', 'sales.txt', '--mapping', 'cdnow-sample', '--json', ...more);
const result = ({ out }: Said): Record<string, unknown> => JSON.parse(out) as Record<string, unknown>;
const ordersOf = (server: FakeServer) => server.kept.filter(({ route }) => route === '/api/orders');

/** Every customer's orders stand in the order of the file: their keys name day and occurrence. */
const expectInOrder = (server: FakeServer): void => {
  const byCustomer = Map.groupBy(ordersOf(server), ({ customerId }) => customerId);
  for (const orders of byCustomer.values()) {
    const keys = orders.map(({ key }) => key);
    expect(keys).toEqual(keys.toSorted());
  }
  for (const [customer, lines] of Map.groupBy(server.kept, ({ customerId }) => customerId))
    expect([customer, lines[0]?.route]).toEqual([customer, '/api/customers']);
};

describe('import orders', () => {
  it('sends every row once, customers first, and records the run', async () => {
    const { server, world } = await setUp();
    const said = await importing(world);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(result(said)).toMatchObject({
      accepted: 600,
      duplicates: 0,
      rejected: 0,
      conflicts: 0,
      rows: 600,
      report: null,
    });
    expect(ordersOf(server)).toHaveLength(600);
    expect(server.kept).toHaveLength(640);
    expectInOrder(server);
    expect(server.posts).toMatchObject([
      {
        path: '/ops/imports',
        roles: ['import'],
        body: { source: 'cdnow', accepted: 600, duplicates: 0, rejected: 0 },
      },
    ]);
    expect(existsSync(join(world.folder, 'sales.txt.refused.csv'))).toBe(false);
  });

  it('changes nothing the second time', async () => {
    const { server, world } = await setUp();
    await importing(world);
    const again = await importing(world);
    expect(result(again)).toMatchObject({ accepted: 0, duplicates: 600 });
    expect(server.kept).toHaveLength(640);
  });

  it('loses and doubles nothing when connections break, before or after a command was written', async () => {
    const { server, world } = await setUp({
      react: (_, seen) => (seen % 97 === 50 ? { kind: 'break', kept: seen % 2 === 0 } : { kind: 'result' }),
    });
    const said = await importing(world);
    expect(said.code).toBe(0);
    const { accepted, duplicates } = result(said) as { accepted: number; duplicates: number };
    expect(accepted + duplicates).toBe(600);
    expect(ordersOf(server)).toHaveLength(600);
    expectInOrder(server);
    expect(server.connections()).toBeGreaterThan(2);
  });

  it.each([
    [409, 'IN_FLIGHT'],
    [429, 'TOO_MANY_REQUESTS'],
    [503, 'OVERLOADED'],
    [507, 'DISK_FULL'],
  ])('sends lines that meet %d %s again with the same keys', async (status, code) => {
    const { server, world } = await setUp({
      react: (_, seen) => (seen % 50 === 7 ? { kind: 'problem', status, code } : { kind: 'result' }),
    });
    const said = await importing(world);
    expect(result(said)).toMatchObject({ accepted: 600, rejected: 0 });
    expect(ordersOf(server)).toHaveLength(600);
    expect(world.pauses.length).toBeGreaterThan(0);
  });

  it('does not believe answers that are none, and sends the lines again', async () => {
    const { server, world } = await setUp({
      react: (_, seen) =>
        seen === 30
          ? { kind: 'text', text: '<html>bad gateway</html>\n' }
          : seen === 500
            ? { kind: 'text', text: '{"line":99999,"status":201}\n' }
            : { kind: 'result' },
    });
    const said = await importing(world);
    expect(said.code).toBe(0);
    expect(ordersOf(server)).toHaveLength(600);
    expectInOrder(server);
  });

  it('gives up on a server that never gets on, and says how to go on', async () => {
    const { world } = await setUp({ react: () => ({ kind: 'break', kept: false }) });
    const said = await importing(world);
    expect(said).toMatchObject({ code: 1, out: '' });
    expect(said.err).toMatch(/CONNECTION_FAILED: .* run the same import again/);
    expect(world.pauses.length).toBeLessThanOrEqual(28);
  });

  it('ends at once when it may not', async () => {
    const problem = { code: 'FORBIDDEN', detail: 'Not you.', needs: ['import'] };
    const refuse = { status: 403, type: 'application/problem+json', body: JSON.stringify(problem) };
    const { world } = await setUp({ refuse });
    const said = await importing(world);
    expect(said).toMatchObject({
      code: 4,
      out: '',
      err: 'FORBIDDEN: Not you. It needs one of the roles import.\n',
    });
    expect(world.pauses).toEqual([]);
  });

  it('knows that a page is no server of ours', async () => {
    const { world } = await setUp({ refuse: { status: 200, type: 'text/html', body: '<html></html>' } });
    expect(await importing(world)).toMatchObject({
      code: 1,
      err: expect.stringContaining('NOT_TENURE') as string,
    });
  });

  it('waits for what is under way when it is interrupted, and the next run goes on', async () => {
    let interrupt = (): void => undefined;
    const { server, world } = await setUp(
      {
        react: (_, seen) => {
          if (seen === 100) interrupt();
          return { kind: 'result' };
        },
      },
      purchases(20_000, 500),
    );
    ({ interrupt } = world);
    const said = await importing(world);
    expect(said.code).toBe(130);
    expect(said.err).toMatch(/run the same import of sales.txt again/);
    const { accepted, rows } = result(said) as { accepted: number; rows: number };
    expect(accepted).toBe(rows);
    expect(rows).toBeLessThan(20_000);
    expect(server.posts).toEqual([]);
    const next = await importing(world);
    expect(result(next)).toMatchObject({
      accepted: 20_000 - rows,
      duplicates: rows,
      importId: expect.any(String) as string,
    });
  });
});

describe('rows that are refused', () => {
  it('stand in the report with row, column and reason; the others go on', async () => {
    const lines = purchases(5, 5).split('\r\n');
    lines[1] = ' 00002 0001 19971301  1   10.50';
    lines[3] = ' 00004 0001 19970101  1';
    const { server, world } = await setUp({}, lines.join('\r\n'));
    const said = await importing(world);
    expect(said.code).toBe(0);
    expect(result(said)).toMatchObject({
      accepted: 3,
      rejected: 2,
      rows: 5,
      report: join(world.folder, 'sales.txt.refused.csv'),
    });
    expect(readFileSync(join(world.folder, 'sales.txt.refused.csv'), 'utf8').split('\n')).toEqual([
      'row,column,reason',
      expect.stringMatching(/^2,date,is no date/),
      expect.stringMatching(/^4,,has 4 columns/),
      '',
    ]);
    expect(server.posts[0]).toMatchObject({ body: { rejected: 2 } });
  });

  it('are conflicts when the key is known with other content', async () => {
    const { world } = await setUp({}, purchases(5, 5));
    await importing(world);
    writeFileSync(join(world.folder, 'sales.txt'), purchases(5, 5).replace('10.50', '99.99'));
    const said = await importing(world, '--report', 'bad.csv');
    expect(result(said)).toMatchObject({ accepted: 0, duplicates: 4, conflicts: 1, rejected: 0 });
    expect(readFileSync(join(world.folder, 'bad.csv'), 'utf8')).toContain(
      '1,,conflict: IDEMPOTENCY_KEY_REUSED',
    );
  });

  it('fail the import when there are no others: the mapping is wrong', async () => {
    const { world } = await setUp({}, 'a,b,c\nd,e,f\n');
    expect((await importing(world)).code).toBe(1);
  });
});

describe('what cannot be imported', () => {
  it.each([
    [
      'a file that is not there',
      ['nothing.txt', '--mapping', 'cdnow-sample'],
      3,
      /FILE_UNREADABLE: nothing.txt .*ENOENT/,
    ],
    ['a folder', ['.', '--mapping', 'cdnow-sample'], 3, /is a folder/],
    [
      'an unknown mapping',
      ['sales.txt', '--mapping', 'cdnow'],
      2,
      /MAPPING_INVALID: .*cdnow-master, cdnow-sample/,
    ],
    [
      'a mapping that is no JSON',
      ['sales.txt', '--mapping', 'sales.json'],
      2,
      /MAPPING_INVALID: .*cannot be read/,
    ],
    ['no mapping', ['sales.txt'], 2, /required option '--mapping <name>' not specified/],
  ])('is %s', async (_, words, code, told) => {
    const { server, world } = await setUp();
    writeFileSync(join(world.folder, 'sales.json'), '{');
    const said = await world.tenure('import', 'orders', ...words);
    expect(said).toMatchObject({ code, out: '', err: expect.stringMatching(told) as string });
    expect(server.kept).toEqual([]);
  });

  it('is told of before anything is sent, with --dry-run', async () => {
    const { server, world } = await setUp();
    const said = await importing(world, '--dry-run');
    expect(result(said)).toMatchObject({ dryRun: true, rows: 600, rejected: 0, importId: null });
    expect([server.kept, server.posts]).toEqual([[], []]);
  });

  it('is anything without a server', async () => {
    const world = openWorld();
    open.push(() => world[Symbol.dispose]());
    writeFileSync(join(world.folder, 'sales.txt'), purchases(5, 5));
    expect(await importing(world)).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/SERVER_NOT_RUNNING.*tenure serve/) as string,
    });
  });
});
