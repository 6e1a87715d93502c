// A server that keeps commands by their key like the real one, and misbehaves on demand.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { verifier } from '@tenure/http/tokens';
import { SECRET } from './world.ts';

type Line = {
  readonly route: string;
  readonly key: string;
  readonly customerId: string;
  readonly body: unknown;
};

/** What a line meets. `result`: as if nothing were wrong. */
export type Reaction =
  | { readonly kind: 'result' }
  | { readonly kind: 'problem'; readonly status: number; readonly code: string }
  /** The connection breaks; `kept`: the command was written before. */
  | { readonly kind: 'break'; readonly kept: boolean }
  /** The command is written, its answer is something else. */
  | { readonly kind: 'text'; readonly text: string };

export type FakeServer = {
  readonly url: string;
  /** Every command that was kept, in order. */
  readonly kept: readonly Line[];
  readonly connections: () => number;
  readonly posts: readonly {
    readonly path: string;
    readonly body: unknown;
    readonly roles: readonly string[];
  }[];
  readonly close: () => Promise<void>;
};

export type FakeAnswer = {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
};

export type StreamAsked = {
  readonly url: URL;
  readonly lastId: string | undefined;
  readonly roles: readonly string[];
};
/** `then`: the connection stays open, ends, or breaks. */
export type StreamAnswer = { readonly text: string; readonly then: 'stays' | 'ends' | 'breaks' };

export type Behaviour = {
  /** `seen`: lines that came before on all connections. */
  readonly react?: (line: Line, seen: number) => Reaction;
  /** Answers of other routes by `METHOD path` without the query. */
  readonly routes?: Readonly<Record<string, (body: unknown, url: URL) => FakeAnswer>>;
  /** Live streams by path: what to write, and whether the connection then breaks. */
  readonly streams?: Readonly<Record<string, (asked: StreamAsked) => StreamAnswer>>;
  /** Answers the whole batch with this instead. */
  readonly refuse?: { readonly status: number; readonly type: string; readonly body: string };
};

export const fakeServer = async (behaviour: Behaviour = {}): Promise<FakeServer> => {
  const kept: Line[] = [];
  const bodies = new Map<string, string>();
  const posts: FakeServer['posts'][number][] = [];
  let [seen, connections] = [0, 0];
  const verify = verifier({ issuer: 'tenure:embedded', secret: SECRET, now: () => Date.now() });

  const keep = (line: Line): object => {
    const content = JSON.stringify(line.body);
    const before = bodies.get(`${line.route} ${line.key}`);
    if (before !== undefined && before !== content)
      return { status: 422, problem: { code: 'IDEMPOTENCY_KEY_REUSED', detail: 'Another body.' } };
    if (before === undefined) {
      bodies.set(`${line.route} ${line.key}`, content);
      kept.push(line);
    }
    return {
      status: 201,
      id: 'x',
      revision: 0,
      position: kept.length,
      ...(before !== undefined && { replay: true }),
    };
  };

  const batch = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    connections++;
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.flushHeaders();
    let number = 0;
    for await (const text of linesOf(request)) {
      const line = JSON.parse(text) as Line;
      const reaction = behaviour.react?.(line, seen++) ?? { kind: 'result' };
      number++;
      if (reaction.kind === 'break') {
        if (reaction.kept) keep(line);
        request.socket.destroy();
        return;
      }
      if (reaction.kind === 'text') {
        keep(line);
        response.write(reaction.text);
      } else if (reaction.kind === 'result')
        response.write(`${JSON.stringify({ line: number, ...keep(line) })}\n`);
      else {
        const { status, code } = reaction;
        response.write(`${JSON.stringify({ line: number, status, problem: { code, detail: 'Wait.' } })}\n`);
      }
    }
    response.end(`{"done":${number}}\n`);
  };

  const other = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let content = '';
    for await (const chunk of request) content += String(chunk);
    const path = (request.url ?? '').split('?')[0] ?? '';
    const body: unknown = content === '' ? null : JSON.parse(content);
    const { roles } = await verify((request.headers.authorization ?? '').slice(7));
    if (request.method === 'POST') posts.push({ path: request.url ?? '', body, roles });
    const url = new URL(request.url ?? '', 'http://fake');
    const streamed = behaviour.streams?.[path];
    if (streamed !== undefined && request.headers.accept === 'text/event-stream') {
      const lastId = request.headers['last-event-id'];
      const answer = streamed({ url, roles, lastId: typeof lastId === 'string' ? lastId : undefined });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(answer.text);
      if (answer.then === 'ends') response.end();
      if (answer.then === 'breaks') setImmediate(() => request.socket.destroy());
      return;
    }
    const found = behaviour.routes?.[`${request.method} ${path}`];
    const known = path === '/healthz' || path === '/ops/imports';
    const answer: FakeAnswer =
      found?.(body, url) ??
      (known
        ? { status: 200, body: {} }
        : { status: 404, body: { code: 'NOT_FOUND', detail: 'Nothing here.' } });
    response
      .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
      .end(JSON.stringify(answer.body));
  };

  const server: Server = createServer((request, response) => {
    const { refuse } = behaviour;
    if (!request.url?.startsWith('/api/commands')) void other(request, response);
    else if (refuse !== undefined)
      response
        .writeHead(refuse.status, { 'content-type': refuse.type, connection: 'close' })
        .end(refuse.body);
    else batch(request, response).catch(() => undefined); // a connection that breaks is what some tests do;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    kept,
    connections: () => connections,
    posts,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

async function* linesOf(request: IncomingMessage): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of request) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
