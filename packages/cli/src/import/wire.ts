// One request `POST /api/commands` whose body and answer flow at the same time.
import type { ClientRequest, IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { connectionFailed, notTenure, problemError, starter } from '../api.ts';
import type { Server } from '../server.ts';

export type Wire = {
  readonly write: (lines: string) => void;
  /** True while the server takes no more; `drained` tells when it does. */
  readonly full: () => boolean;
  readonly end: () => void;
  readonly destroy: () => void;
};

export type WireEvents = {
  readonly text: (chunk: string) => void;
  readonly drained: () => void;
  /** Once, however it ended. `error` says whether another attempt may do better. */
  readonly closed: (error: unknown) => void;
};

export const openWire = async (server: Server, path: string, events: WireEvents): Promise<Wire> => {
  const url = new URL(path, server.url);
  const start = await starter(url);
  const request = start(url, {
    method: 'POST',
    agent: false,
    headers: {
      authorization: `Bearer ${server.token}`,
      'content-type': 'application/x-ndjson',
      accept: 'application/x-ndjson',
    },
  });
  let over = false;
  const closed = (error: unknown): void => {
    if (over) return;
    over = true;
    request.destroy();
    events.closed(error);
  };
  request.on('drain', events.drained);
  request.on('error', (error) => closed(connectionFailed(server.url, error)));
  request.on('close', () => closed(connectionFailed(server.url, null)));
  request.on('response', (response) => {
    void listen(server, response, { ...events, closed });
  });
  return wireOf(request);
};

const wireOf = (request: ClientRequest): Wire => ({
  write: (lines) => void request.write(lines),
  full: () => request.writableNeedDrain,
  end: () => void request.end(),
  destroy: () => void request.destroy(),
});

const listen = async (server: Server, response: IncomingMessage, events: WireEvents): Promise<void> => {
  response.on('error', (error) => events.closed(connectionFailed(server.url, error)));
  const ndjson = (response.headers['content-type'] ?? '').startsWith('application/x-ndjson');
  if (response.statusCode === 200 && ndjson) {
    response.setEncoding('utf8');
    response.on('data', events.text);
    response.on('end', () => events.closed(connectionFailed(server.url, null)));
    return;
  }
  try {
    events.closed(refusal(server, response, await text(response)));
  } catch (error) {
    events.closed(connectionFailed(server.url, error)); // it broke while it said why
  }
};

const refusal = (server: Server, response: IncomingMessage, content: string): unknown => {
  const status = response.statusCode ?? 0;
  if (status < 400) return notTenure(server.url);
  try {
    return problemError(status, JSON.parse(content) as Readonly<Record<string, unknown>>);
  } catch {
    return problemError(status, {}); // a proxy's page: the status says enough
  }
};
