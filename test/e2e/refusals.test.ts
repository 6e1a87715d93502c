// Starts that must not happen: each says what is wrong and what to do, and leaves everything as it was.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from './client.ts';
import { personOf } from './orders.ts';
import { refusedStart, ROOT, startServer, temporaryFolder, type Server, type Start } from './server.ts';

const FAILED = 1;
const USAGE = 2;

const folder = temporaryFolder();
const data = join(folder, 'data');
let server: Server;
beforeAll(async () => {
  server = await startServer(data);
}, 60_000);
afterAll(() => server.stop());

/** How a start ends: exit code and what it says; a stack is no answer. */
const refusal = async (of: string, start: Start = {}): Promise<readonly [number | null, string]> => {
  const { code, stderr, stdout } = await refusedStart(of, start);
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/^\s+at .*\.ts:\d+/m);
  return [code, stderr];
};

describe('a server that cannot start', { timeout: 60_000 }, () => {
  it.each<readonly [string, Start, string]>([
    ['a port that is none', { args: ['--port', '99999'] }, 'port'],
    ['a flag that is none', { args: ['--prot', '7400'] }, '--prot'],
    ['a mode that is not there', { args: ['--mode', 'distributed'] }, 'embedded'],
    [
      'an engine that is not there',
      { env: { TENURE_EVENT_STORE: 'kurrentdb://somewhere' } },
      'eventStore: must be sqlite:PATH',
    ],
    ['a number of partitions that is none', { env: { TENURE_PARTITIONS: 'many' } }, 'partitions'],
  ])('says so of %s, with the usage', async (_, start, word) => {
    const [code, said] = await refusal(join(folder, 'never'), start);
    expect(code).toBe(USAGE);
    expect(said).toContain('CONFIGURATION_INVALID');
    expect(said).toContain(word);
    expect(said).toContain('usage: serve');
  });

  it('says which port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const [code, said] = await refusal(join(folder, 'port'), { args: ['--port', String(port)] });
    other.close();
    expect(code).toBe(FAILED);
    expect(said).toMatch(new RegExp(`^PORT_IN_USE: .*${port}`));
    const free = await startServer(join(folder, 'port')); // nothing is left behind that keeps the next one out
    expect((await free.stop()).code).toBe(0);
  });

  it('says who works on the data directory, and does not disturb it', async () => {
    const before = readFileSync(join(data, 'server.json'), 'utf8');
    const [code, said] = await refusal(data);
    expect(code).toBe(FAILED);
    expect(said).toContain('ALREADY_RUNNING');
    expect(said).toContain(server.url);
    expect(readFileSync(join(data, 'server.json'), 'utf8')).toBe(before);
    expect((await post(server, '/api/customers', personOf('Somebody'))).status).toBe(201);
  });
});

describe('a data directory that is damaged', { timeout: 60_000 }, () => {
  const damaged = async (
    name: string,
    damage: (copy: string) => void,
    start: Start = {},
  ): Promise<string> => {
    const copy = join(folder, name);
    cpSync(join(folder, 'template'), copy, { recursive: true });
    damage(copy);
    const [code, said] = await refusal(copy, start);
    expect(code).toBe(FAILED);
    return said;
  };

  beforeAll(async () => {
    const template = await startServer(join(folder, 'template'));
    await template.stop();
  }, 60_000);

  it.each<readonly [string, (copy: string) => void, string]>([
    [
      'secrets that are no JSON',
      (copy) => writeFileSync(join(copy, 'secrets.json'), '{"tokens":'),
      'secrets.json cannot be read as JSON',
    ],
    [
      'a secret that is none',
      (copy) => writeFileSync(join(copy, 'secrets.json'), '{"tokens":"short"}'),
      'secrets.json',
    ],
    ['secrets that are gone', (copy) => rmSync(join(copy, 'secrets.json')), 'secrets.json is missing'],
    [
      'a deployment of another version',
      (copy) => {
        const file = join(copy, 'deployment.json');
        writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), format: 2 }));
      },
      'another version',
    ],
    [
      'another number of partitions',
      (copy) => {
        const file = join(copy, 'deployment.json');
        writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), partitions: 8 }));
      },
      'partitions',
    ],
  ])('is refused: %s', async (name, damage, word) => {
    expect(await damaged(name.replaceAll(' ', '-'), damage)).toContain(word);
  });

  it('is refused: secrets of somebody else', async () => {
    const said = await damaged('foreign', (copy) =>
      cpSync(join(data, 'secrets.json'), join(copy, 'secrets.json')),
    );
    expect(said).toMatch(/^[A-Z_]+: /m);
  });

  it('is refused: other partitions than it was created with', async () => {
    const said = await damaged('asked', () => {}, { env: { TENURE_PARTITIONS: '8' } });
    expect(said).toContain('16');
    expect(said).toContain('partitions');
  });
});

describe('policies that cannot be used', { timeout: 60_000 }, () => {
  const own = (change: object): string =>
    JSON.stringify({
      ...JSON.parse(readFileSync(join(ROOT, 'services/order/policies/order.v1.json'), 'utf8')),
      ...change,
    });

  it.each([
    ['no JSON', 'order.v2.json', '{"policy":', 'order.v2.json'],
    [
      'an unknown field',
      'order.v2.json',
      own({ version: 2, validFrom: '2026-01-01', colour: 'blue' }),
      'colour',
    ],
    [
      'a value that cannot be',
      'order.v2.json',
      own({ version: 2, validFrom: '2026-01-01', returnDays: -1 }),
      'returnDays',
    ],
    ['a policy that nobody knows', 'colours.v1.json', own({ policy: 'colours' }), 'colours'],
  ])('are told by file and reason: %s', async (title, name, text, word) => {
    const policies = join(folder, `policies-${title}`);
    mkdirSync(policies, { recursive: true });
    writeFileSync(join(policies, name), text);
    const [code, said] = await refusal(join(folder, 'policies'), { args: ['--policies', policies] });
    expect(code).toBe(FAILED);
    expect(said).toContain('POLICY');
    expect(said).toContain(name);
    expect(said).toContain(word);
  });
});
