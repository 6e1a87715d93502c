// One stream of lines to the server.
//
// Lines leave in the order in which they came. A connection that breaks costs nothing: whatever has no answer is sent
// again with the same keys. A line that the server puts off stops the lane: nothing new overtakes it.
import { TenureError } from '@tenure/core';
import type { LineAnswer } from '@tenure/service-kit/import';
import { answersIn } from './answer.ts';
import { createUnsettled, type Item } from './unsettled.ts';
import type { Wire, WireEvents } from './wire.ts';

export type LaneParts = {
  readonly connect: (events: WireEvents) => Promise<Wire>;
  /** Takes an answer; false: it was none that is final, the line has to be sent again. */
  readonly settle: (item: Item, answer: LineAnswer) => boolean;
  readonly sleep: (ms: number) => Promise<void>;
  /** The lane has given up; the import cannot be completed. */
  readonly failed: (error: unknown) => void;
  /** Told what the lane waits for. */
  readonly waits: (reason: string) => void;
};

export type Lane = {
  readonly push: (item: Item) => void;
  /** Null while there is room, else a promise that resolves when there is, or when the lane is over. */
  readonly room: () => Promise<void> | null;
  /** Resolves when every line has its answer, or the lane is over. */
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

/** ms to wait before an attempt, counted from 1. */
export const pauseBefore = (attempt: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1));

type State = {
  readonly parts: LaneParts;
  readonly items: ReturnType<typeof createUnsettled>;
  readonly answers: ReturnType<typeof answersIn>;
  phase: 'open' | 'connecting' | 'pausing' | 'over';
  wire: Wire | null;
  fruitless: number;
  scheduled: boolean;
  /** Whoever waits for room, and whoever waits for the end. */
  wake: (() => void) | null;
  done: (() => void) | null;
};

export const createLane = (parts: LaneParts): Lane => {
  const lane: State = {
    parts,
    items: createUnsettled(),
    answers: answersIn(),
    phase: 'open',
    wire: null,
    fruitless: 0,
    scheduled: false,
    wake: null,
    done: null,
  };
  return {
    push: (item) => {
      lane.items.add(item);
      if (lane.items.waiting() >= LINES_PER_WRITE) pump(lane);
      else schedule(lane);
    },
    room: () =>
      lane.items.size() < WINDOW || lane.phase === 'over'
        ? null
        : new Promise((resolve) => {
            lane.wake = resolve;
          }),
    finish: async () => {
      pump(lane);
      if (lane.items.size() > 0 && lane.phase !== 'over')
        await new Promise<void>((resolve) => {
          lane.done = resolve;
        });
      lane.wire?.end();
    },
    abandon: () => {
      lane.items.clear();
      end(lane);
    },
  };
};

/** Rows that are read in one go leave in one write. */
const schedule = (lane: State): void => {
  if (lane.scheduled) return;
  lane.scheduled = true;
  setImmediate(() => {
    lane.scheduled = false;
    pump(lane);
  });
};

const pump = (lane: State): void => {
  const { items, wire } = lane;
  if (lane.phase !== 'open' || items.held() || items.waiting() === 0) return;
  if (wire === null) {
    void connect(lane);
    return;
  }
  while (items.waiting() > 0 && !wire.full())
    wire.write(
      items
        .take(LINES_PER_WRITE)
        .map(({ text }) => text)
        .join(''),
    );
};

/** Never rejects. */
const connect = async (lane: State): Promise<void> => {
  lane.phase = 'connecting';
  lane.items.newConnection();
  lane.answers.reset();
  let opened: Wire | null = null;
  // What a connection that was given up still says means nothing.
  const current = (): boolean => opened !== null && lane.wire === opened;
  try {
    opened = await lane.parts.connect({
      text: (chunk) => {
        if (current()) read(lane, chunk);
      },
      drained: () => {
        if (current()) pump(lane);
      },
      closed: (error) => {
        if (current()) broken(lane, error);
      },
    });
  } catch (error) {
    broken(lane, error);
    return;
  }
  if (isOver(lane)) {
    opened.destroy();
    return;
  }
  lane.wire = opened;
  lane.phase = 'open';
  pump(lane);
};

const isOver = ({ phase }: State): boolean => phase === 'over';

const read = (lane: State, chunk: string): void => {
  const { items, parts } = lane;
  for (const answer of lane.answers.take(chunk)) {
    const item = answer === 'malformed' ? undefined : items.answered(answer.line);
    if (answer === 'malformed' || item === undefined) {
      broken(lane, malformed());
      return;
    }
    if (parts.settle(item, answer)) lane.fruitless = 0;
    else items.putOff(item);
  }
  if (items.held() && items.underWay() === 0) void again(lane, putOff());
  moved(lane);
};

const broken = (lane: State, error: unknown): void => {
  if (isOver(lane)) return;
  lane.wire?.destroy();
  lane.wire = null;
  if (!(error instanceof TenureError) || !error.retriable) giveUp(lane, error);
  else if (lane.items.size() > 0) void again(lane, error);
  else lane.phase = 'open'; // nobody waits for an answer: the next line connects
};

/** Waits a little, then sends everything that has no final answer. */
const again = async (lane: State, reason: TenureError): Promise<void> => {
  lane.items.again();
  if (++lane.fruitless > MAX_FRUITLESS) {
    giveUp(lane, reason);
    return;
  }
  const alreadyPausing = lane.phase === 'pausing';
  lane.phase = 'pausing';
  lane.parts.waits(reason.message);
  if (alreadyPausing) return; // the connection broke during a pause: that one is enough
  await lane.parts.sleep(pauseBefore(lane.fruitless));
  if (isOver(lane)) return;
  lane.phase = 'open';
  pump(lane);
};

const giveUp = (lane: State, error: unknown): void => {
  end(lane);
  lane.parts.failed(error);
};

const end = (lane: State): void => {
  lane.phase = 'over';
  lane.wire?.destroy();
  lane.wire = null;
  moved(lane);
};

/** Tells those who wait that there is room, or that it is over. */
const moved = (lane: State): void => {
  const { items, phase } = lane;
  if (items.size() < WINDOW / 2 || phase === 'over') {
    lane.wake?.();
    lane.wake = null;
  }
  if (items.size() === 0 || phase === 'over') {
    lane.done?.();
    lane.done = null;
  }
};

const malformed = (): TenureError =>
  new TenureError(
    'ANSWER_MALFORMED',
    'The server answered with something that is no result of a line. Is there a proxy in between?',
    {},
    { retriable: true },
  );

const putOff = (): TenureError =>
  new TenureError(
    'SERVER_BUSY',
    'The server puts lines off: it is overloaded, or its disk is full ("tenure status", "tenure doctor").',
    {},
    { retriable: true },
  );
