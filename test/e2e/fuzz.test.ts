// Requests made from the interface's own description, against the real server: nothing fails, nothing comes back.
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  faultsOf,
  fuzzRequests,
  type FuzzAnswer,
  type FuzzRequest,
  type Known,
} from '../../packages/http/test/fuzz.ts';
import type { OpenApiDocument } from '../../packages/http/src/index.ts';
import { get, post, settled, tokenFor } from './client.ts';
import { orderOf, personOf } from './orders.ts';
import { startServer, temporaryFolder, type Server } from './server.ts';

const SEED = Number(process.env['FUZZ_SEED'] ?? process.env['TENURE_SEED'] ?? 20_261);
const COUNT = Number(process.env['FUZZ_COUNT'] ?? 1_000);
/** Requests at once. */
const LANES = 4;
/** Every other request by somebody who may do nearly everything: the others end at the door. */
const ROLES = [
  'supervisor',
  'admin',
  'agent',
  'admin',
  'import',
  'admin',
  'service:order',
  'admin',
  'ops',
  'admin',
  'auditor',
];

const AGENT = '00000000-0000-4000-8000-0000000a9e47';

/** One of each stage for a customer: what commands on something that is there can be sent to. */
const othersOf = (customerId: string): readonly (readonly [string, object])[] => [
  ['leads', { source: 'CALL', person: { name: 'Somebody' } }],
  [
    'opportunities',
    {
      customerId,
      kind: 'UP_SELL',
      name: 'More of it',
      pipelineId: 'sales',
      stageId: 'discovery',
      amount: { minor: 100_00, currency: 'EUR' },
      expectedCloseOn: '2100-01-01',
      ownerId: AGENT,
    },
  ],
  ['cases', { customerId, channel: 'EMAIL', category: 'OTHER', priority: 'LOW', subject: 'A question' }],
  ['complaints', { customerId, topic: 'OTHER', severity: 'LOW', channel: 'EMAIL', text: 'It is not right' }],
];

let server: Server;
let known: Known;
beforeAll(async () => {
  server = await startServer(join(temporaryFolder(), 'data'));
  const ids: Record<string, string[]> = {};
  const make = async (collection: string, body: object): Promise<string> => {
    const made = await post(server, `/api/${collection}`, body);
    expect([collection, made.status]).toEqual([collection, 201]);
    const id = made.json['id'] as string;
    (ids[collection] ??= []).push(id);
    return id;
  };
  for (let n = 0; n < 5; n++) {
    const customerId = await make('customers', personOf('Somebody'));
    await make('orders', orderOf(customerId));
    for (const [collection, body] of othersOf(customerId)) await make(collection, body);
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
    expect(statuses.get('valid 2xx') ?? 0).toBeGreaterThan(COUNT / 40);
    expect(statuses.get('near 4xx') ?? 0).toBeGreaterThan(COUNT / 10);
    expect(statuses.get('hostile 4xx') ?? 0).toBeGreaterThan(COUNT / 10);
    expect(server.output()).not.toContain(`canary${SEED}x`);
    const status = await settled(server); // and all that was written can be folded
    expect(status['degraded']).toEqual([]);
    expect(status['ready']).toBe(true);
  });
});
