// Results on their way to the client of a batch.
import type { ServerResponse } from 'node:http';

export type Results = {
  /** Lines that were read and whose results the connection has not taken yet: what stops the reading. */
  readonly waiting: number;
  readonly answered: number;
  /** A line was read: its result will come. */
  readonly expect: () => void;
  readonly write: (text: string) => void;
};

/** Gathers the results of a turn into one write. `moved` is called whenever the connection has taken some. */
export const resultsOf = (response: ServerResponse, moved: () => void): Results => {
  let texts: string[] = [];
  let scheduled = false;
  let blocked = false;
  let waiting = 0;
  let answered = 0;

  const taken = (count: number): void => {
    waiting -= count;
    moved();
  };
  const flush = (): void => {
    scheduled = false;
    if (blocked || texts.length === 0 || response.destroyed) return;
    const count = texts.length;
    const free = response.write(texts.join(''));
    texts = [];
    answered += count;
    if (free) return taken(count);
    blocked = true;
    response.once('drain', () => {
      blocked = false;
      taken(count);
      flush();
    });
  };
  return {
    get waiting() {
      return waiting;
    },
    get answered() {
      return answered;
    },
    expect: () => {
      waiting++;
    },
    write: (text) => {
      texts.push(text);
      if (scheduled) return;
      scheduled = true;
      setImmediate(flush);
    },
  };
};
