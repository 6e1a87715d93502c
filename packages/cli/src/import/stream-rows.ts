// Reads a file and sends its rows, a bounded part of it at a time.
import { crc32 } from 'node:zlib';
import {
  countingPlanner,
  isProblem,
  rowPlanner,
  splitLines,
  type BatchLine,
  type Mapping,
  type PlannedRow,
} from '@tenure/service-kit/import';
import type { Lane } from './lane.ts';
import type { Item } from './unsettled.ts';
import type { Tally } from './tally.ts';

export type RowStream = {
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly mapping: Mapping;
  readonly tally: Tally;
  /** None: the rows are only read (--dry-run). */
  readonly lanes: readonly Lane[];
  /** Stops reading: the caller was interrupted, or a lane has given up. */
  readonly stop: AbortSignal;
  /** Called now and then. */
  readonly tick: () => void;
};

/** Rows between two looks at the clock. */
const ROWS_PER_TICK = 256;

/** True: read to its end. All lines have their answers unless a lane has given up. */
export const streamRows = async ({
  chunks,
  mapping,
  tally,
  lanes,
  stop,
  tick,
}: RowStream): Promise<boolean> => {
  const plan = countingPlanner(rowPlanner(mapping));
  const send = sender(lanes);
  let rows = 0;
  for await (const line of splitLines(chunks)) {
    if (stop.aborted) break;
    const planned = plan(line);
    if (planned === null) continue;
    tally.read();
    if (++rows % ROWS_PER_TICK === 0) tick();
    if (isProblem(planned)) tally.refuse(planned);
    else {
      const room = send(planned);
      if (room !== null) await room;
    }
  }
  await Promise.all(lanes.map((lane) => lane.finish()));
  return !stop.aborted;
};

/** Spreads customers over the lanes: all lines of one customer take the same lane, in order. */
const sender = (lanes: readonly Lane[]): ((row: PlannedRow) => Promise<void> | null) => {
  let order = 0;
  const item = (row: number, line: BatchLine, main: boolean): Item => ({
    order: order++,
    row,
    main,
    text: `${JSON.stringify(line)}\n`,
  });
  return ({ row, customer, main }) => {
    const lane = lanes[laneOf(main.customerId ?? main.key, lanes.length)];
    if (lane === undefined) return null;
    if (customer !== null) lane.push(item(row, customer, false));
    lane.push(item(row, main, true));
    return lane.room();
  };
};

/** Spread evenly whatever the text is: an id, or the key of something that names no customer. */
const laneOf = (text: string, lanes: number): number => (lanes === 0 ? 0 : crc32(text) % lanes);
