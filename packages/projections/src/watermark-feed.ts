// One reader of the log's watermarks per source, for all generations that follow it.
import type { EventLog, Watermark } from '@tenure/event-log';

export type WatermarkFeed = {
  /** Calls `listener` with the newest mark of each source at once, then with each as it moves. Answers how to end that. */
  follow(sources: readonly string[], listener: (mark: Watermark) => void): () => void;
  stop(): void;
};

export const watermarkFeed = (log: Pick<EventLog, 'watermark'>): WatermarkFeed => {
  const newest = new Map<string, Watermark>();
  const listeners = new Map<string, Set<(mark: Watermark) => void>>();
  let stopped = false;
  const pump = async (source: string, told: ReadonlySet<(mark: Watermark) => void>): Promise<void> => {
    for await (const mark of log.watermark(source)) {
      if (stopped) return;
      newest.set(source, mark);
      for (const tell of told) tell(mark);
    }
  };
  const listen = (source: string): Set<(mark: Watermark) => void> => {
    const known = listeners.get(source);
    if (known !== undefined) return known;
    const told = new Set<(mark: Watermark) => void>();
    listeners.set(source, told);
    void pump(source, told); // ends with the log; an iterator of marks has no other way to fail
    return told;
  };
  return {
    follow(sources, listener) {
      for (const source of sources) {
        listen(source).add(listener);
        const mark = newest.get(source);
        if (mark !== undefined) listener(mark);
      }
      return () => {
        for (const source of sources) listeners.get(source)?.delete(listener);
      };
    },
    stop() {
      stopped = true;
    },
  };
};
