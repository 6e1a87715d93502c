// The EventLog port: one topic per source, P partitions each, keyed by customer, numbered by `seq` without holes.
import type { StoredEvent } from '@tenure/event-store';

/** One topic-partition. */
export type Lane = { readonly source: string; readonly partition: number };

/** An event in the log. `seq` counts 1,2,3,… per lane; a hole is always visible. */
export type LogRecord = StoredEvent & { readonly seq: number };

export type LaneBatch = { readonly lane: Lane; readonly records: readonly LogRecord[] };

/** Half-open range of 32-bit key hashes (murmur2): a slice of a partition for builds with flat memory. */
export type HashRange = { readonly from: number; readonly to: number };

export interface Subscription {
  /** Resolves when the loop has ended; rejects with what ended it when that was no `stop`. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Everything of the source up to `position` is in the log; a reader has folded it when it passed these lane heads. */
export type Watermark = {
  readonly source: string;
  readonly position: number;
  readonly heads: readonly number[];
};

export interface EventLog {
  /** P, fixed when the deployment is created, equal for every topic. */
  readonly partitions: number;
  /**
   * Appends to one lane; resolves when readable. One call at a time per lane. A record with a `seq` already there is dropped.
   * @throws LOG_GAP (a hole in seq; nothing of the call is kept), LOG_DISORDER (a position that does not grow),
   *         RECORD_TOO_LARGE, DISK_FULL (retriable), LOG_FENCED (another process writes this log), LOG_BROKEN (a flush failed).
   */
  publish(lane: Lane, records: readonly LogRecord[]): Promise<void>;
  /** Position up to which everything of the source is flushed (or acknowledged). */
  durable(source: string): Promise<number>;
  /** Flushes what was published; afterwards `durable` covers it. */
  flush(): Promise<void>;
  /**
   * Hands over everything that waits, in order per lane, from the seq that `from` answers (inclusive) for each lane.
   * The handler's promise is the acknowledgement: until it resolves nothing more of these lanes comes.
   * A handler that rejects gets the same batches again (back-off 0.1 → 30 s).
   * One hand-over at a time, at most 5,000 records or 8 MiB, shared fairly among the lanes.
   */
  subscribe(
    group: string,
    topics: readonly string[],
    from: (lane: Lane) => Promise<number>,
    handler: (batches: readonly LaneBatch[]) => Promise<void>,
  ): Promise<Subscription>;
  /**
   * At most `limit` records from `fromSeq` (inclusive); fewer: the lane ends here. `keys`: bodies are empty; `keyHash`:
   * only keys in this range (others do not count towards `limit`).
   * @throws CORRUPT with data {source, partition, file} where a checksum fails: wrong bytes are never returned.
   */
  read(
    lane: Lane,
    fromSeq: number,
    limit: number,
    only?: { readonly keys?: boolean; readonly keyHash?: HashRange },
  ): Promise<readonly LogRecord[]>;
  /** All events of one key, in position order, up to a position (inclusive). Record checksums are verified. @throws CORRUPT */
  readKey(source: string, key: string, upTo?: number): Promise<readonly LogRecord[]>;
  /** seq of the newest record of a lane; 0: empty. */
  head(lane: Lane): Promise<number>;
  /** Position of the newest record of a lane; 0: empty. */
  headPosition(lane: Lane): Promise<number>;
  /** Watermarks of a source as they move, the newest first thing. Ends when the log closes. */
  watermark(source: string): AsyncIterable<Watermark>;
  /** Told by the relay after publishing: everything of the source up to `position` is in the log. */
  announce(source: string, position: number): Promise<void>;
  close(): Promise<void>;
}

/** What a thread without the log asks of it: queries, heals, freshness. Served by `serveEventLog`. */
export type EventLogReader = Pick<
  EventLog,
  'partitions' | 'read' | 'readKey' | 'head' | 'headPosition' | 'durable'
>;
