// How far each source is wholly in the log, for whoever waits for it.
import { bell } from './bell.ts';
import type { Watermark } from './event-log.ts';

export type Watermarks = {
  /** The newest of a source, or undefined before the first. */
  current(source: string): Watermark | undefined;
  /** The newest position of every source. */
  positions(): ReadonlyMap<string, number>;
  /** Moves a source forward; a position that it has passed is ignored. */
  announce(source: string, position: number, heads: readonly number[]): void;
  /** The newest at once, then each newest as it moves; a slow reader skips those between. */
  follow(source: string): AsyncIterable<Watermark>;
  close(): void;
};

export const watermarks = (): Watermarks => {
  const newest = new Map<string, Watermark>();
  const moved = bell();
  const state = { closed: false };
  const follow = async function* (source: string): AsyncGenerator<Watermark> {
    let seen: Watermark | undefined;
    while (!state.closed) {
      const current = newest.get(source);
      if (current === undefined || current === seen) await moved.next();
      else yield (seen = current);
    }
  };
  return {
    current: (source) => newest.get(source),
    positions: () => new Map([...newest].map(([source, { position }]) => [source, position])),
    announce(source, position, heads) {
      const current = newest.get(source);
      if (current !== undefined && position <= current.position) return;
      newest.set(source, { source, position, heads });
      moved.ring();
    },
    follow,
    close() {
      state.closed = true;
      moved.ring();
    },
  };
};
