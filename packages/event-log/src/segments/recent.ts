// The records just published, so that readers at the head need no file.
import type { LogRecord } from '../event-log.ts';
import type { Take } from '../lane-storage.ts';

// Per lane. They are dropped at each flush too: their bodies are views of large buffers, which an idle lane must not hold.
const RECENT_BYTES = 512 * 1024;
const RECORD_COST = 200; // of an object with two strings

export type Recent = {
  add(records: readonly LogRecord[]): void;
  /** The stretch from a seq on, or null when it begins before what is kept. */
  take(fromSeq: number, wanted: Take): readonly LogRecord[] | null;
  clear(): void;
};

export const recent = (): Recent => {
  let kept: LogRecord[] = [];
  let bytes = 0;
  return {
    add(records) {
      for (const record of records) {
        kept.push(record);
        bytes += weigh(record);
      }
      if (bytes <= RECENT_BYTES) return;
      let drop = 0;
      for (; bytes > RECENT_BYTES / 2 && drop < kept.length; drop++) bytes -= weigh(kept[drop] as LogRecord);
      kept = kept.slice(drop);
    },
    take(fromSeq, { records, bytes: most = Number.POSITIVE_INFINITY, keys, keyHash }) {
      const first = kept[0];
      if (first === undefined || fromSeq < first.seq || keys === true || keyHash !== undefined) return null;
      let end = fromSeq - first.seq;
      let room = most;
      const last = Math.min(kept.length, end + records);
      for (; end < last && room > 0; end++) room -= kept[end]?.body.length ?? 0;
      return kept.slice(fromSeq - first.seq, end);
    },
    clear() {
      kept = [];
      bytes = 0;
    },
  };
};

const weigh = (record: LogRecord): number => RECORD_COST + record.body.length;
