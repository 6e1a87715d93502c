// What crosses the port between a store's thread and its users: flat lists of plain values, and one transferred
// buffer for all bodies of a message. Several stores share a port; every message names its store.
import type { PlainError } from '@tenure/core';
import type { Appended, Expected, NewEvent, StoredEvent } from '../event-store.ts';

export type Plain = string | number;

/** An append on its way; `call` ties it to its answer. */
export type SentAppend = {
  readonly call: number;
  readonly stream: string;
  readonly expected: Expected;
  readonly events: readonly NewEvent[];
};

/** What can be asked. `readStream` and `readAll` answer Packed events, `head` a Head. */
export type Read =
  | { readonly read: 'stream'; readonly stream: string; readonly from: number; readonly limit: number }
  | { readonly read: 'all'; readonly after: number; readonly limit: number }
  | { readonly read: 'head' };

export type Request =
  | { readonly store: string; readonly appends: readonly Plain[]; readonly bytes: ArrayBuffer }
  /** The reads of one turn; they are answered together. */
  | { readonly store: string; readonly asks: readonly (readonly [call: number, read: Read])[] }
  | { readonly store: string; readonly follow: number; readonly after: number }
  /** The follower has taken a batch: one more may come. */
  | { readonly store: string; readonly more: number }
  | { readonly store: string; readonly unfollow: number };

export type Reply =
  /** The appends of one commit: [call, revision, position, repeated (0 or 1)]*, those that failed, and buffers to use again. */
  | {
      readonly store: string;
      readonly appended: readonly number[];
      readonly failed: readonly (readonly [call: number, error: PlainError])[];
      readonly spare: readonly ArrayBuffer[];
    }
  | { readonly store: string; readonly answers: readonly Answer[] }
  | { readonly store: string; readonly batch: number; readonly events: Packed }
  | { readonly store: string; readonly ended: number; readonly error: PlainError };

export type Answer =
  | { readonly call: number; readonly value: unknown }
  | { readonly call: number; readonly error: PlainError };

/** Batches of `follow` that may be under way unconsumed: enough to keep both sides busy, and a bound for memory. */
export const FOLLOW_CREDITS = 4;
/** Events in one answer to `readStream`. */
export const STREAM_PAGE_EVENTS = 512;

export type Post = (request: Request, transfer?: readonly ArrayBuffer[]) => void;
export type Send = (reply: Reply, transfer?: readonly ArrayBuffer[]) => void;

/** A port may carry other conversations as well (calls of core). */
export const isRequest = (message: unknown): message is Request =>
  typeof message === 'object' && message !== null && 'store' in message && typeof message.store === 'string';

export const isAbout = (message: unknown, store: string): message is { readonly store: string } =>
  typeof message === 'object' && message !== null && 'store' in message && message.store === store;

/** Appends as a flat list: call, stream, expected, n, then n times id, type, key, length of the body. */
export const flatAppends = (appends: readonly SentAppend[], bytes: ArrayBuffer): readonly Plain[] => {
  const flat: Plain[] = [];
  const target = new Uint8Array(bytes);
  let offset = 0;
  for (const { call, stream, expected, events } of appends) {
    flat.push(call, stream, expected, events.length);
    for (const { id, type, key, body } of events) {
      flat.push(id, type, key, body.length);
      target.set(body, offset);
      offset += body.length;
    }
  }
  return flat;
};

export const sizeOf = (appends: readonly SentAppend[]): number => {
  let size = 0;
  for (const { events } of appends) for (const { body } of events) size += body.length;
  return size;
};

/** The bodies are views of `bytes`. */
export const appendsOf = (flat: readonly Plain[], bytes: ArrayBuffer): readonly SentAppend[] => {
  const appends: SentAppend[] = [];
  let offset = 0;
  let next = 0;
  const take = <T extends Plain>(): T => flat[next++] as T;
  while (next < flat.length) {
    const [call, stream, expected, count] = [
      take<number>(),
      take<string>(),
      take<Expected>(),
      take<number>(),
    ];
    const events: NewEvent[] = [];
    while (events.length < count) {
      const [id, type, key, length] = [take<string>(), take<string>(), take<string>(), take<number>()];
      events.push({ id, type, key, body: new Uint8Array(bytes, offset, length) });
      offset += length;
    }
    appends.push({ call, stream, expected, events });
  }
  return appends;
};

/** Stored events as a flat list (position, stream, revision, key, length of the body) and their bodies. */
export type Packed = { readonly flat: readonly Plain[]; readonly bytes: ArrayBuffer };

export const packed = (events: readonly StoredEvent[]): Packed => {
  const bytes = new ArrayBuffer(events.reduce((size, { body }) => size + body.length, 0));
  const target = new Uint8Array(bytes);
  const flat: Plain[] = [];
  let offset = 0;
  for (const { position, stream, revision, key, body } of events) {
    flat.push(position, stream, revision, key, body.length);
    target.set(body, offset);
    offset += body.length;
  }
  return { flat, bytes };
};

export const unpacked = ({ flat, bytes }: Packed): readonly StoredEvent[] => {
  const events: StoredEvent[] = [];
  let offset = 0;
  let next = 0;
  const take = <T extends Plain>(): T => flat[next++] as T;
  while (next < flat.length) {
    const [position, stream, revision] = [take<number>(), take<string>(), take<number>()];
    const [key, length] = [take<string>(), take<number>()];
    events.push({ position, stream, revision, key, body: new Uint8Array(bytes, offset, length) });
    offset += length;
  }
  return events;
};

/** [call, revision, position, repeated (0 or 1)]* back to answers. */
export const eachAppended = (
  flat: readonly number[],
  told: (call: number, appended: Appended) => void,
): void => {
  for (let i = 0; i + 3 < flat.length; i += 4) {
    const [call = 0, revision = 0, position = 0, repeated = 0] = flat.slice(i, i + 4);
    told(call, { revision, position, ...(repeated === 1 && { repeated: true }) });
  }
};
