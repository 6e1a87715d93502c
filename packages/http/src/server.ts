// The listening server: its limits, and how it stops without failing anybody.
import { createServer, type RequestListener, type Server } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { TenureError } from '@tenure/core';

/** A promise of the interface: after so long a stop cuts what is left. */
const STOP_MS = 15_000;
/** Connections that fell idle during a stop are closed so often. */
const IDLE_CHECK_MS = 50;
/** Headers arrive in less on any line. */
const HEADERS_MS = 10_000;
/** Nothing moved on a connection for so long: the other side is gone. Live streams say something every 15 s. */
const SILENT_MS = 120_000;

export type ListeningServer = {
  readonly server: Server;
  readonly url: string;
  /** Stops: not ready, streams end, requests in flight are answered, connections close; ≤ 15 s. Idempotent. */
  readonly stop: () => Promise<void>;
};

export type ListenOptions = {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** The controller whose signal the application was made with. */
  readonly stopping: AbortController;
  readonly stopWithinMs?: number;
};

/** Listens. @throws PORT_IN_USE */
export const listen = async (app: RequestListener, options: ListenOptions): Promise<ListeningServer> => {
  const server = createServer(
    // A stream of many commands may take hours; bodies have a limit of their own.
    { requestTimeout: 0, headersTimeout: HEADERS_MS, keepAliveTimeout: 5_000 },
    app,
  );
  server.timeout = SILENT_MS;
  server.on('clientError', refuseGarbage);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(startError(error, options.port)));
    server.listen(options.port, options.host, resolve);
  });
  let stopped: Promise<void> | undefined;
  return {
    server,
    url: urlOf(server),
    stop: () => (stopped ??= stop(server, options)),
  };
};

const startError = (error: NodeJS.ErrnoException, port: number): Error =>
  error.code === 'EADDRINUSE'
    ? new TenureError(
        'PORT_IN_USE',
        `Port ${port} is taken by another program. Choose another one with --port, or 0 for any free one.`,
        { port },
        { cause: error },
      )
    : error;

const urlOf = (server: Server): string => {
  const { address, port } = server.address() as AddressInfo;
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}`;
};

const stop = async (server: Server, { stopping, stopWithinMs = STOP_MS }: ListenOptions): Promise<void> => {
  stopping.abort();
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const cut = setTimeout(() => server.closeAllConnections(), stopWithinMs);
  await closed;
  clearInterval(idle);
  clearTimeout(cut);
};

const GARBAGE = JSON.stringify({
  type: '/docs/problems#INVALID',
  title: 'The request is not valid',
  status: 400,
  code: 'INVALID',
  detail: 'This is not HTTP/1.1 as this server understands it: a header is malformed, too long or missing.',
});

/** What is no HTTP never reaches the application. */
const refuseGarbage = (error: Error & { readonly code?: string }, socket: Duplex): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(GARBAGE)}\r\nConnection: close\r\n\r\n${GARBAGE}`,
  );
};
