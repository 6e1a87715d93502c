// Requests made from the interface's own description, against the real server: nothing fails, nothing comes back.
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultsOf, fuzzRequests, type FuzzAnswer, type FuzzRequest } from '../../packages/http/test/fuzz.ts';
import type { OpenApiDocument } from '../../packages/http/src/index.ts';
import { get, post, settled, tokenFor } from './client.ts';
import { orderOf, personOf } from './orders.ts';
import { startServer, temporaryFolder, type Server } from './server.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? process.env['TENURE_SEED'] ?? 20_261);
const COUNT = Number(process.env['FUZZ_COUNT'] ?? 1_000);
/** Requests at once. */
const LANES = 4;
const ROLES = ['admin', 'supervisor', 'agent', 'import', 'service:order', 'ops', 'auditor'];

let server: Server;
let known: readonly string[];
beforeAll(async () => {
  server = await startServer(join(temporaryFolder(), 'data'));
  const ids: string[] = [];
  for (let n = 0; n < 5; n++) {
    const { json } = await post(server, '/api/customers', personOf('Somebody'));
    const order = await post(server, '/api/orders', orderOf(json['id']));
    ids.push(json['id'] as string, order.json['id'] as string);
  }
  known = ids;
}, 60_000);
afterAll(() => server.stop());

const send = ({ path, method, headers, body }: FuzzRequest, token: string): Promise<FuzzAnswer> =>
  new Promise((resolve, reject) => {
    const sent = httpRequest(
      server.url + path,
      {
        method,
        path,
        headers: { authorization: `Bearer ${token}`, ...headers, 'content-length': body?.length ?? 0 },
      },
      (response) => {
        const answer = {
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string | undefined>,
        };
        // A live stream has no end: that it began is the answer.
        if (response.headers['content-type'] === 'text/event-stream') {
          resolve({ ...answer, text: '' });
          sent.destroy();
          return;
        }
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ ...answer, text: Buffer.concat(chunks).toString() }));
        response.on('error', reject);
      },
    );
    // A refusal may come before a large body was sent: then the answer counts, not the broken pipe.
    sent.on('error', (error) => setImmediate(() => reject(error)));
    sent.end(body);
  });

describe('fuzzed requests', { timeout: 60_000 + COUNT * 50 }, () => {
  it(`never fail the server, never come back (seed ${SEED}, ${COUNT} requests)`, async () => {
    const document = (await get(server, '/openapi.json')).json as OpenApiDocument;
    const tokens = await Promise.all(
      ROLES.map((role) =>
        tokenFor(server.data, { roles: [role], claims: { agent: 'agent-1', teams: ['T1'] } }),
      ),
    );
    const requests = fuzzRequests(document, SEED, COUNT, known);
    const statuses = new Map<string, number>();
    const lane = async (): Promise<void> => {
      for (const fuzzed of requests) {
        const role = fuzzed.number % ROLES.length;
        const answer = await send(fuzzed, tokens[role] ?? '');
        const told = `seed ${SEED} number ${fuzzed.number} as ${ROLES[role]}: ${fuzzed.kind} ${fuzzed.method} ${fuzzed.path.slice(0, 120)}`;
        expect(faultsOf(fuzzed, answer), `${told} → ${answer.status} ${answer.text.slice(0, 300)}`).toEqual(
          [],
        );
        const seen = `${fuzzed.kind} ${Math.floor(answer.status / 100)}xx`;
        statuses.set(seen, (statuses.get(seen) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    // A fuzzer that is always refused, or never, tests nothing.
    expect(statuses.get('valid 2xx') ?? 0).toBeGreaterThan(COUNT / 20);
    expect(statuses.get('near 4xx') ?? 0).toBeGreaterThan(COUNT / 10);
    expect(statuses.get('hostile 4xx') ?? 0).toBeGreaterThan(COUNT / 10);
    expect(server.output()).not.toContain(`canary${SEED}x`);
    const status = await settled(server); // and all that was written can be folded
    expect(status['degraded']).toEqual([]);
    expect(status['ready']).toBe(true);
  });
});
