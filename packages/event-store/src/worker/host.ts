// The side of the thread that owns the stores: serves them on a port that is given.
import type { MessagePort } from 'node:worker_threads';
import { toPlainError } from '@tenure/core';
import { unavailable } from '../append.ts';
import type { EventStore, StoredEvent } from '../event-store.ts';
import { hostAppends, hostFollowers } from './host-parts.ts';
import { appendsOf, isRequest, packed, type Answer, type Read, type Request, type Send } from './protocol.ts';

/**
 * Serves event stores by their source on a port; may be called for any number of ports with the same stores.
 * When a port closes, its followers end; the stores stay open: closing them is the owner's part.
 */
export const hostEventStores = (port: MessagePort, stores: Readonly<Record<string, EventStore>>): void => {
  const send: Send = (reply, transfer = []) => port.postMessage(reply, transfer);
  const hosted = new Map(
    Object.entries(stores).map(([source, store]) => [source, hostOne(send, source, store)]),
  );
  port.on('message', (message: unknown) => {
    if (!isRequest(message)) return;
    const host = hosted.get(message.store);
    if (host === undefined) refuse(send, message);
    else host.serve(message);
  });
  port.on('close', () => {
    for (const host of hosted.values()) host.end();
  });
};

const hostOne = (send: Send, source: string, store: EventStore) => {
  const append = hostAppends(send, source, store);
  const followers = hostFollowers(send, source, store);
  return {
    serve(request: Request): void {
      if ('appends' in request) append(request.appends, request.bytes);
      else if ('asks' in request) void answerAll(send, store, request.store, request.asks);
      else if ('follow' in request) followers.start(request.follow, request.after);
      else if ('more' in request) followers.more(request.more);
      else followers.stop(request.unfollow);
    },
    end: followers.stopAll,
  };
};

type Asks = Extract<Request, { readonly asks: unknown }>['asks'];

const answerAll = async (send: Send, store: EventStore, source: string, asks: Asks): Promise<void> => {
  const answers = await Promise.all(asks.map(([call, read]) => answer(store, call, read)));
  send({ store: source, answers }, answers.flatMap(bytesIn));
};

const answer = async (store: EventStore, call: number, read: Read): Promise<Answer> => {
  try {
    return { call, value: read.read === 'head' ? await store.head() : packed(await eventsOf(store, read)) };
  } catch (error) {
    return { call, error: toPlainError(error) };
  }
};

const bytesIn = (one: Answer): readonly ArrayBuffer[] => {
  const value = 'value' in one ? one.value : undefined;
  const bytes = typeof value === 'object' && value !== null && 'bytes' in value ? value.bytes : undefined;
  return bytes instanceof ArrayBuffer && bytes.byteLength > 0 ? [bytes] : [];
};

const eventsOf = async (
  store: EventStore,
  read: Exclude<Read, { read: 'head' }>,
): Promise<readonly StoredEvent[]> => {
  if (read.read === 'all') return store.readAll(read.after, read.limit);
  const events: StoredEvent[] = [];
  for await (const event of store.readStream(read.stream, read.from))
    if (events.push(event) === read.limit) break;
  return events;
};

/** Nobody may wait for a store that is not here. */
const refuse = (send: Send, request: Request): void => {
  const { store } = request;
  const error = toPlainError(unavailable(`No event store of the source ${store} is served here.`));
  if ('appends' in request) {
    const failed = appendsOf(request.appends, request.bytes).map(({ call }) => [call, error] as const);
    send({ store, appended: [], failed, spare: [] });
  } else if ('asks' in request) send({ store, answers: request.asks.map(([call]) => ({ call, error })) });
  else if ('follow' in request) send({ store, ended: request.follow, error });
};
