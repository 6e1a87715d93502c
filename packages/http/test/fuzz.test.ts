import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TenureError } from '@tenure/core';
import { createApp, listen, type ListeningServer, type OpenApiDocument } from '../src/index.ts';
import { faultsOf, fuzzRequests, type FuzzAnswer, type FuzzRequest } from './fuzz.ts';
import { result, row, startWorld, uuid, type World } from './world.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261);
const COUNT = Number(process.env['FUZZ_COUNT'] ?? 1_500);

let world: World;
let listening: ListeningServer;
let token: string;
beforeAll(async () => {
  world = await startWorld();
  const stopping = new AbortController();
  // An admin is a person: the limit of a person is not what this is about.
  const { app } = createApp({ ...world.options, limits: { personRequests: 1e9 }, stopping: stopping.signal });
  listening = await listen(app, { host: '127.0.0.1', port: 0, stopping });
  token = await world.token(['admin']);
  for (let n = 1; n < 9; n++) world.rows.push(row(n));
  world.answer = async (command) => {
    if (command.ifMatch === 0) throw new TenureError('STALE_REVISION', 'No.', { current: { revision: 3 } });
    return result(command);
  };
});
afterAll(async () => {
  await listening.stop();
  await world.close();
});

const send = (fuzzed: FuzzRequest): Promise<FuzzAnswer> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(
      listening.url + fuzzed.path,
      {
        method: fuzzed.method,
        path: fuzzed.path,
        headers: {
          authorization: `Bearer ${token}`,
          ...fuzzed.headers,
          'content-length': fuzzed.body?.length ?? 0,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const headers = response.headers as Record<string, string | undefined>;
          resolve({ status: response.statusCode ?? 0, headers, text: Buffer.concat(chunks).toString() });
        });
        response.on('error', reject);
      },
    );
    // A refusal may come before a large body was sent: then the answer counts, not the broken pipe.
    sent.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'ECONNRESET') setImmediate(() => reject(error));
      else reject(error);
    });
    sent.end(fuzzed.body);
  });

describe('fuzzed requests', () => {
  it('are the same for the same seed', async () => {
    const document = (await world.call('GET', '/openapi.json')).json as OpenApiDocument;
    expect([...fuzzRequests(document, 1, 50)]).toEqual([...fuzzRequests(document, 1, 50)]);
    expect([...fuzzRequests(document, 1, 50)]).not.toEqual([...fuzzRequests(document, 2, 50)]);
  });

  it(`never fail the server, never come back (seed ${SEED}, ${COUNT} requests)`, async () => {
    const document = (await world.call('GET', '/openapi.json')).json as OpenApiDocument;
    const statuses = new Map<string, number>();
    for (const fuzzed of fuzzRequests(document, SEED, COUNT, { accounts: [uuid(1), uuid(2)] })) {
      const answer = await send(fuzzed);
      const told = `seed ${SEED} number ${fuzzed.number}: ${fuzzed.kind} ${fuzzed.method} ${fuzzed.path.slice(0, 120)}`;
      expect(faultsOf(fuzzed, answer), `${told} → ${answer.status} ${answer.text.slice(0, 300)}`).toEqual([]);
      const seen = `${fuzzed.kind} ${Math.floor(answer.status / 100)}xx`;
      statuses.set(seen, (statuses.get(seen) ?? 0) + 1);
    }
    // A fuzzer that is always refused, or never, tests nothing.
    expect(statuses.get('valid 2xx') ?? 0).toBeGreaterThan(COUNT / 10);
    expect(statuses.get('near 4xx') ?? 0).toBeGreaterThan(COUNT / 10);
    expect(statuses.get('hostile 4xx') ?? 0).toBeGreaterThan(COUNT / 10);
    expect(world.logged.filter((entry) => entry.includes('failed'))).toEqual([]);
  }, 60_000);
});
