// A customer's name, phone and e-mail: in no file, in the answers for those who may see them, gone with the key.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSqliteKeyStore } from '../../packages/keys/src/sqlite/index.ts';
import { get, post, settled, tenureJson, type Json } from './client.ts';
import { personOf } from './orders.ts';
import { secretsOf, startServer, temporaryFolder, until, type Server } from './server.ts';

const NAME = 'Quendolin Marrowsparrow';
const PHONE = '+49 1511 7654321';
const PHONE_STORED = '+4915117654321';
const EMAIL = 'quendolin.m@marrowsparrow.example';
const CANARIES = [NAME, 'Marrowsparrow', PHONE, PHONE_STORED, '15117654321', EMAIL, 'marrowsparrow.example'];

const data = join(temporaryFolder(), 'data');
let server: Server;
let id: string;
const path = (): string => `/api/customers/${id}/360`;
const as = (role: string) => ({ roles: [role] });

beforeAll(async () => {
  server = await startServer(data);
}, 60_000);
afterAll(() => server.stop());

/** How a text may stand in a file: raw, in UTF-16, in base64 at each of its three alignments. */
const formsOf = (text: string): readonly (readonly [string, Buffer])[] => {
  const utf8 = Buffer.from(text);
  const little = Buffer.from(text, 'utf16le');
  const aligned = (bytes: Buffer, shift: number): Buffer =>
    // The first and last characters also hold bits of the neighbours: only what lies between is certain.
    Buffer.from(
      Buffer.concat([Buffer.alloc(shift), bytes])
        .toString('base64')
        .slice(shift === 0 ? 0 : 4, -4),
    );
  return [
    ['UTF-8', utf8],
    ['UTF-16LE', little],
    ['UTF-16BE', Buffer.from(little).swap16()],
    ['hex', Buffer.from(utf8.toString('hex'))],
    ...[0, 1, 2].map((shift) => [`base64 + ${shift}`, aligned(utf8, shift)] as const),
    ...[0, 1, 2].map(
      (shift) =>
        [
          `base64url + ${shift}`,
          Buffer.from(aligned(utf8, shift).toString().replaceAll('+', '-').replaceAll('/', '_')),
        ] as const,
    ),
  ];
};

/** File and form of every place where a canary stands. */
const findings = (folder: string, canaries: readonly string[]): readonly string[] => {
  const forms = canaries.flatMap((text) => formsOf(text).map(([form, bytes]) => ({ text, form, bytes })));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  expect(files.length).toBeGreaterThan(10);
  return files.flatMap((entry) => {
    const content = readFileSync(join(entry.parentPath, entry.name));
    return forms
      .filter(({ bytes }) => content.includes(bytes))
      .map(({ text, form }) => `${entry.name}: ${text} as ${form}`);
  });
};

describe('personal data', { timeout: 60_000 }, () => {
  it('comes in with commands', async () => {
    const created = await post(server, '/api/customers', personOf(NAME));
    expect(created.status).toBe(201);
    id = created.json['id'] as string;
    for (const contact of [
      { channel: 'PHONE', value: PHONE, primary: true },
      { channel: 'EMAIL', value: EMAIL, primary: true },
    ]) {
      const added = await post(server, `/api/customers/${id}/add-contact-point`, contact, {
        headers: { 'if-match': '*' },
      });
      expect([added.status, added.json['code']]).toEqual([200, undefined]);
    }
    await settled(server);
  });

  it('stands in no file, whatever its form', async () => {
    expect(findings(data, [id]).length).toBeGreaterThan(0); // what is not sealed is found
    expect(findings(data, CANARIES)).toEqual([]);
    expect(server.output()).not.toContain('Marrowsparrow');
    const { text } = await get(server, '/metrics');
    expect(CANARIES.filter((canary) => text.includes(canary))).toEqual([]);
  });

  it('is shown to a supervisor', async () => {
    const { status, text, json } = await get(server, path(), as('supervisor'));
    expect(status).toBe(200);
    expect(json['slices'].customer.displayName).toBe(NAME);
    expect(text).toContain(PHONE_STORED);
    expect(text).toContain(EMAIL);
    expect(json['masked'] ?? {}).toEqual({});
    const events = (await get(server, `/api/customers/${id}/timeline`, as('supervisor'))).text;
    expect([events.includes(NAME), events.includes(EMAIL)]).toEqual([true, true]);
  });

  it.each(['ops', 'bi-reader', 'auditor', 'service:order'])('is masked for %s', async (role) => {
    for (const place of [path(), `/api/customers/${id}`, `/api/customers/${id}/timeline`, '/api/customers']) {
      const { status, text } = await get(server, place, as(role));
      expect([place, status]).toEqual([place, 200]);
      expect(CANARIES.filter((canary) => text.includes(canary))).toEqual([]);
    }
    const { json } = await get(server, path(), as(role));
    expect(json['slices'].customer.displayName).toBeNull();
    expect(json['masked']['/slices/customer/displayName']).toBe('role');
  });

  it.each([
    ['phone', PHONE],
    ['phone as it is stored', PHONE_STORED],
    ['e-mail', EMAIL],
    ['e-mail in other letters', EMAIL.toUpperCase()],
    ['name', NAME],
    ['name in other letters', NAME.toLowerCase()],
  ])('finds its customer by %s', async (_, q) => {
    const { json } = await get(server, `/api/customers?q=${encodeURIComponent(q)}`, as('supervisor'));
    expect((json['items'] as Json[]).map((item) => item['id'])).toEqual([id]);
  });

  it('leaves a trace in the audit when it is read', async () => {
    const entry = await until('the read is in the audit', async () => {
      const { json } = await get(server, '/ops/audit?limit=100', as('auditor'));
      return (json['items'] as Json[]).find((item) =>
        JSON.stringify(item).includes('/api/customers/{id}/360'),
      );
    });
    expect(entry).toBeDefined();
    expect(findings(data, CANARIES)).toEqual([]);
  });

  it('is erased with its key, and a rebuild works', async () => {
    await server.stop();
    const keys = secretsOf(data)['keys'];
    const store = await openSqliteKeyStore({
      file: join(data, 'keys', 'keys.db'),
      rootSecret: keys ?? Buffer.alloc(0),
    });
    await store.destroy(id);
    await store.close();
    server = await startServer(data);
    const erased = async (): Promise<void> => {
      const { status, text, json } = await get(server, path(), as('supervisor'));
      expect(status).toBe(200);
      expect(json['slices'].customer.displayName).toBeNull();
      expect(json['masked']['/slices/customer/displayName']).toBe('erased');
      expect(CANARIES.filter((canary) => text.includes(canary))).toEqual([]);
    };
    await erased();
    const replay = await tenureJson(data, 'replay', 'start', 'customer-360', '--activate', '--wait');
    expect(replay.code).toBe(0);
    expect(replay.json).toMatchObject({ state: 'active', error: null });
    await erased();
    const { json } = await get(server, `/api/customers?q=${encodeURIComponent(EMAIL)}`, as('supervisor'));
    expect(json['items']).toEqual([]);
  });
});
