// One stream of lines to the server: what waits, what is under way, what has to be sent again, and when.
//
// Lines leave in the order in which they came. A connection that breaks costs nothing: whatever has no answer is sent
// again with the same keys. A line that was put off ("later") stops the lane: nothing new overtakes it.
import { TenureError } from '@tenure/core';
import type { LineAnswer } from '@tenure/service-kit/import';
import { answersIn } from './answer.ts';
import type { Wire, WireEvents } from './wire.ts';

/** A line that was sent until it had a final answer. `order`: its place in the file. */
export type Item = {
  readonly order: number;
  readonly row: number;
  /** Whether the row is classed by it: the line of the order, not the one of its customer. */
  readonly main: boolean;
  readonly text: string;
};

export type LaneParts = {
  readonly connect: (events: WireEvents) => Promise<Wire>;
  /** Takes an answer; false: it was none that is final, the line has to be sent again. */
  readonly settle: (item: Item, answer: LineAnswer) => boolean;
  readonly sleep: (ms: number) => Promise<void>;
  /** The lane has given up; the import cannot be completed. */
  readonly failed: (error: unknown) => void;
  /** What the lane waits for, or that it goes on (null). */
  readonly waits: (reason: string | null) => void;
};

export type Lane = {
  readonly push: (item: Item) => void;
  /** Null while there is room, else a promise that resolves when there is. */
  readonly room: () => Promise<void> | null;
  /** Resolves when every line has its answer. */
  readonly finish: () => Promise<void>;
  /** Ends the lane at once. */
  readonly abandon: () => void;
};

/** Lines without an answer: as many as the server takes before it stops reading. */
export const WINDOW = 1_024;
/** Lines per write: about 64 kB, so that writes are few and the first ones leave early. */
const LINES_PER_WRITE = 64;
/** Attempts in a row that brought no answer. With their pauses about 45 s: a server that restarts is back by then. */
export const MAX_FRUITLESS = 14;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;

export const pauseBefore = (attempt: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));

export const createLane = (parts: LaneParts): Lane => {
  let waiting: Item[] = [];
  let pending = new Map<number, Item>();
  let later: Item[] = [];
  let wire: Wire | null = null;
  let sent = 0;
  let fruitless = 0;
  let state: 'open' | 'connecting' | 'pausing' | 'over' = 'open';
  let scheduled = false;
  let wake: (() => void) | null = null;
  let done: (() => void) | null = null;

  const size = (): number => waiting.length + pending.size + later.length;
  const moved = (): void => {
    if (wake !== null && (size() < WINDOW / 2 || state === 'over')) {
      wake();
      wake = null;
    }
    if (size() === 0) {
      done?.();
      done = null;
    }
  };
  const over = (): void => {
    state = 'over';
    wire?.destroy();
    wire = null;
    moved();
  };
  const giveUp = (error: unknown): void => {
    over();
    parts.failed(error);
  };

  const pump = (): void => {
    scheduled = false;
    if (state !== 'open' || later.length > 0 || waiting.length === 0) return;
    if (wire === null) {
      void connect();
      return;
    }
    while (waiting.length > 0 && !wire.full()) {
      const batch = waiting.splice(0, LINES_PER_WRITE);
      for (const item of batch) pending.set(++sent, item);
      wire.write(batch.map(({ text }) => text).join(''));
    }
  };

  const connect = async (): Promise<void> => {
    state = 'connecting';
    sent = 0;
    let opened: Wire | null = null;
    // Events of a connection that was given up already mean nothing.
    const current = (): boolean => opened === null || wire === opened;
    try {
      opened = await parts.connect({
        text: (chunk) => current() && read(chunk),
        drained: () => current() && pump(),
        closed: (error) => current() && broken(error),
      });
    } catch (error) {
      return broken(error);
    }
    if (state !== 'connecting') return opened.destroy(); // it was abandoned meanwhile
    wire = opened;
    state = 'open';
    pump();
  };

  const answers = answersIn();
  const read = (chunk: string): void => {
    for (const answer of answers.take(chunk)) {
      if (answer === 'malformed') return broken(malformed());
      const item = pending.get(answer.line);
      if (item === undefined) return broken(malformed());
      pending.delete(answer.line);
      if (!parts.settle(item, answer)) later.push(item);
      else {
        if (fruitless > 0) parts.waits(null);
        fruitless = 0;
      }
    }
    if (later.length > 0 && pending.size === 0) void again('the server asks to wait');
    moved();
  };

  const broken = (error: unknown): void => {
    if (state === 'over') return;
    wire?.destroy();
    wire = null;
    answers.reset();
    if (!(error instanceof TenureError) || !error.retriable) return giveUp(error);
    if (size() === 0) {
      state = 'open'; // nobody waits for an answer: connect again when there is a line
      return;
    }
    void again(error.message, error);
  };

  /** Puts everything without a final answer back in its order, waits a little, goes on. */
  const again = async (reason: string, error?: TenureError): Promise<void> => {
    waiting = [...pending.values(), ...later, ...waiting].toSorted((a, b) => a.order - b.order);
    pending = new Map();
    later = [];
    if (++fruitless > MAX_FRUITLESS) return giveUp(error ?? stuck());
    state = 'pausing';
    parts.waits(reason);
    await parts.sleep(pauseBefore(fruitless));
    if (state !== 'pausing') return;
    state = 'open';
    pump();
  };

  return {
    push: (item) => {
      waiting.push(item);
      if (waiting.length >= LINES_PER_WRITE) pump();
      else if (!scheduled) {
        scheduled = true;
        setImmediate(pump);
      }
    },
    room: () => (size() < WINDOW || state === 'over' ? null : new Promise((resolve) => (wake = resolve))),
    finish: async () => {
      pump();
      if (size() > 0 && state !== 'over') await new Promise<void>((resolve) => (done = resolve));
      wire?.end();
    },
    abandon: () => {
      waiting = [];
      pending.clear();
      later = [];
      over();
    },
  };
};

const malformed = (): TenureError =>
  new TenureError(
    'ANSWER_MALFORMED',
    'The server answered with something that is no result of a line. Is there a proxy in between?',
    {},
    { retriable: true },
  );

const stuck = (): TenureError =>
  new TenureError(
    'SERVER_BUSY',
    'The server has put lines off again and again. Look at "tenure status", then run the same import again: it goes on where it stopped.',
    {},
    { retriable: true },
  );
