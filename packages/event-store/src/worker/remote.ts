// The side of the threads that use a store: an EventStore like any other, whose work is done behind a port.
import type { MessagePort } from 'node:worker_threads';
import { fromPlainError } from '@tenure/core';
import { unavailable } from '../append.ts';
import type { Appended, EventStore, StoredEvent } from '../event-store.ts';
import { outgoing, outgoingReads, pendingCalls, type Outgoing, type PendingCalls } from './remote-calls.ts';
import { remoteFollow, type Inboxes } from './remote-follow.ts';
import {
  STREAM_PAGE_EVENTS,
  eachAppended,
  isAbout,
  unpacked,
  type Packed,
  type Post,
  type Read,
  type Reply,
} from './protocol.ts';

/**
 * The store of a source that `hostEventStores` serves on the other side of the port. Appends of one turn of the event
 * loop travel together, and so do reads. When the other side is gone everything pending and everything new is refused with UNAVAILABLE.
 * `close` waits for what is pending and lets the port go; the store itself is closed by its owner.
 */
export const remoteEventStore = (port: MessagePort, source: string): EventStore => {
  const post: Post = (request, transfer = []) => port.postMessage(request, transfer);
  const calls = pendingCalls();
  const inboxes: Inboxes = new Map();
  const appends = outgoing(post, source);
  const receive = receiving(source, calls, inboxes, appends);
  const end = (detail: string): void => {
    calls.end(unavailable(detail));
    for (const inbox of inboxes.values()) inbox.end(unavailable(detail));
  };
  const gone = (): void => end('The thread of the event store is gone.');
  port.on('message', receive);
  port.on('close', gone);

  const send = outgoingReads(post, source);
  const ask = (read: Read): Promise<unknown> => calls.add((call) => send(call, read));
  const events = async (read: Read): Promise<readonly StoredEvent[]> => unpacked((await ask(read)) as Packed);

  return {
    append: (stream, expected, list) =>
      calls.add((call) => appends.add({ call, stream, expected, events: list })) as Promise<Appended>,
    async *readStream(stream, from = 0) {
      for (let next = from; ;) {
        const page = await events({ read: 'stream', stream, from: next, limit: STREAM_PAGE_EVENTS });
        yield* page;
        next += page.length;
        if (page.length < STREAM_PAGE_EVENTS) return;
      }
    },
    readAll: (after, limit) => events({ read: 'all', after, limit }),
    async *follow(after, signal) {
      calls.assertOpen();
      yield* remoteFollow(post, source, inboxes, after, signal);
    },
    head: () => ask({ read: 'head' }) as ReturnType<EventStore['head']>,
    async close() {
      await calls.settled();
      port.off('message', receive);
      port.off('close', gone);
      end('The event store is closed.');
    },
  };
};

const receiving =
  (source: string, calls: PendingCalls, inboxes: Inboxes, appends: Outgoing) =>
  (message: unknown): void => {
    if (!isAbout(message, source)) return;
    const reply = message as Reply;
    if ('appended' in reply) {
      appends.reuse(reply.spare);
      eachAppended(reply.appended, (call, appended) => calls.resolve(call, appended));
      for (const [call, error] of reply.failed) calls.reject(call, fromPlainError(error));
    } else if ('answers' in reply) {
      for (const answer of reply.answers)
        if ('error' in answer) calls.reject(answer.call, fromPlainError(answer.error));
        else calls.resolve(answer.call, answer.value);
    } else if ('batch' in reply) inboxes.get(reply.batch)?.add(unpacked(reply.events));
    else inboxes.get(reply.ended)?.end(fromPlainError(reply.error));
  };
