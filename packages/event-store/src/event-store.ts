// The EventStore port: streams of one service, appended under an expected revision, read in position order.

/**
 * An event ready to be stored. `body` is opaque here (the envelope of packages/events) but for one thing: it begins
 * with the 16 bytes of `id`. It must not change until the append has settled.
 */
export type NewEvent = {
  readonly id: string;
  readonly type: string;
  /** The customer id (or the aggregate's own id for facts about nobody): the key in the log. */
  readonly key: string;
  readonly body: Uint8Array;
};

/** A stored event. `position` is a safe integer, grows, and has gaps; `revision` counts 0,1,2,… in its stream. */
export type StoredEvent = {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly key: string;
  readonly body: Uint8Array;
};

/** 'none': the stream must not exist, under any race · 'exists' · 'any' · the revision of its last event. */
export type Expected = 'none' | 'exists' | 'any' | number;

/** Revision and position of the last event of the append. */
export type Appended = {
  readonly revision: number;
  readonly position: number;
  /** The events stood there before: as they were written then, which may be other bytes than these. */
  readonly repeated?: true;
};

export interface EventStore {
  /**
   * Appends all or nothing; resolves when durable (flushed). An append repeated with the same event ids and the
   * same expectation answers as the first time, says so (`repeated`) and writes nothing.
   * New ids with 'any' never conflict; a repetition that is equal only in part always does.
   * @throws WRONG_EXPECTED_REVISION with data {stream, expected, actual} (actual −1: no stream),
   *         DISK_FULL (retriable), UNAVAILABLE (retriable), INVALID_APPEND (limits of append.ts, a body without its id).
   */
  append(stream: string, expected: Expected, events: readonly NewEvent[]): Promise<Appended>;
  /** The events of a stream from a revision (0 by default); nothing for a stream that does not exist. */
  readStream(stream: string, from?: number): AsyncIterable<StoredEvent>;
  /** At most `limit` events with position > `after`, in position order; no event ever appears behind one already read. */
  readAll(after: number, limit: number): Promise<readonly StoredEvent[]>;
  /**
   * Catch-up from `after` (exclusive), then live: batches in position order, each event once, none empty. Ends by its
   * signal only; a store that closes or dies under it makes it throw UNAVAILABLE. A slow reader costs no memory.
   */
  follow(after: number, signal: AbortSignal): AsyncIterable<readonly StoredEvent[]>;
  /** Position of the newest event (0: none) and how many events there are. */
  head(): Promise<{ readonly position: number; readonly events: number }>;
  close(): Promise<void>;
}
