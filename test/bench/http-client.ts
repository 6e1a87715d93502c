// A small HTTP/1.1 client that costs little beside what it measures: kept connections, one request at a time on each.
import { connect, type Socket } from 'node:net';

export type Reply = { readonly status: number; readonly head: string; readonly body: string };

export type Connection = {
  /** One request after the other: call it again when the one before is answered. */
  readonly send: (request: Buffer | string) => Promise<Reply>;
  readonly close: () => void;
};

/** A request as it goes over the wire. */
export const requestText = (
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): string => {
  const lines = Object.entries({
    host: 'bench',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  });
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
};

export const openConnection = async (port: number): Promise<Connection> => {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let waiting: PromiseWithResolvers<Reply> | undefined;
  const settle = (reply: Reply): void => {
    const caller = waiting;
    waiting = undefined;
    caller?.resolve(reply);
  };
  readReplies(socket, settle);
  socket.on('close', () => waiting?.reject(new Error('the server closed the connection')));
  socket.on('error', (error) => waiting?.reject(error));
  return {
    send(request) {
      waiting = Promise.withResolvers<Reply>();
      socket.write(request);
      return waiting.promise;
    },
    close: () => void socket.destroy(),
  };
};

// Answers of the server have a Content-Length; anything else is told at once.
const readReplies = (socket: Socket, settle: (reply: Reply) => void): void => {
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk;
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = text.slice(0, end);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    if (Number.isNaN(length)) {
      socket.destroy(new Error(`an answer without length: ${head}`));
      return;
    }
    if (text.length < end + 4 + length) return;
    const body = text.slice(end + 4, end + 4 + length);
    text = text.slice(end + 4 + length);
    settle({ status: Number(head.slice(9, 12)), head, body });
  });
};

export type Load = { readonly perSecond: number; readonly latencies: readonly number[] };

/** As fast as the server answers, one after the other on each connection. */
export const closedLoop = async (
  connections: readonly Connection[],
  ms: number,
  one: (connection: Connection, n: number) => Promise<void>,
): Promise<Load> => {
  const latencies: number[] = [];
  const begun = performance.now();
  let sent = 0;
  const lane = async (connection: Connection): Promise<void> => {
    for (let now = performance.now(); now - begun < ms; now = performance.now()) {
      await one(connection, sent++);
      latencies.push(performance.now() - now);
    }
  };
  await Promise.all(connections.map(lane));
  return { perSecond: latencies.length / ((performance.now() - begun) / 1_000), latencies };
};

/**
 * So many a second, whatever the server does: what is late by the time it is sent counts from when it was due, so a stall
 * is seen by everyone who would have met it. Answers the latencies in ms.
 */
export const openLoop = async (
  connections: readonly Connection[],
  perSecond: number,
  ms: number,
  one: (connection: Connection, n: number, due: number) => Promise<void>,
): Promise<readonly number[]> => {
  const latencies: number[] = [];
  const total = Math.round((perSecond * ms) / 1_000);
  const begun = performance.now();
  let taken = 0;
  const dueAt = (n: number): number => begun + (n * 1_000) / perSecond;
  const lane = async (connection: Connection): Promise<void> => {
    for (let n = taken++; n < total; n = taken++) {
      const wait = dueAt(n) - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      await one(connection, n, dueAt(n));
      latencies.push(performance.now() - dueAt(n));
    }
  };
  await Promise.all(connections.map(lane));
  return latencies;
};
