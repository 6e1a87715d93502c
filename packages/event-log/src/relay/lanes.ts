// Lanes publish side by side, each one call at a time, and together hold no more than a bounded amount.
import { bell } from '../bell.ts';
import type { EventLog, LogRecord } from '../event-log.ts';
import type { Pause } from '../pause.ts';
import { untilDone, type Trouble } from './retrying.ts';

// What may wait for a slow log: enough to keep every lane busy, little enough for memory to stay flat.
const IN_FLIGHT_RECORDS = 20_000;
const IN_FLIGHT_BYTES = 32 * 1024 * 1024;

export type InFlight = { readonly records: number; readonly bytes: number };

export type RelayLanes = {
  /** Queues records for a lane; `done` is called when they are in the log. */
  send(partition: number, records: readonly LogRecord[], done: () => void): void;
  /** Resolves when there is room for more, or when stopped. */
  room(): Promise<void>;
  /** Resolves when nothing is in flight, or when stopped. */
  drained(): Promise<void>;
  inFlight(): InFlight;
  /** What the first lane that fails is waiting for. */
  trouble(): Trouble | null;
};

export type LaneOptions = {
  readonly source: string;
  readonly log: Pick<EventLog, 'publish'>;
  readonly pause: Pause;
  readonly stopped: AbortSignal;
  /** Told of an error that no retry can mend. */
  readonly fail: (error: unknown) => void;
};

type Part = InFlight & { readonly all: readonly LogRecord[]; readonly done: () => void };

export const relayLanes = (options: LaneOptions): RelayLanes => {
  const { stopped } = options;
  const queues = new Map<number, Part[]>(); // of the lanes that are publishing
  const troubles = new Map<number, Trouble>();
  const settled = bell();
  const held = { records: 0, bytes: 0 };
  stopped.addEventListener('abort', () => settled.ring(), { once: true });

  const work = async (partition: number, queue: Part[]): Promise<void> => {
    while (queue.length > 0) {
      const parts = queue.splice(0);
      await publish(options, troubles, partition, parts);
      if (stopped.aborted) return; // perhaps not in the log: whoever comes next sees it from the lane
      for (const part of parts) {
        held.records -= part.records;
        held.bytes -= part.bytes;
        part.done();
      }
      settled.ring();
    }
    queues.delete(partition);
  };
  const until = async (enough: () => boolean): Promise<void> => {
    while (!stopped.aborted && !enough()) await settled.next();
  };
  return {
    send(partition, all, done) {
      const part = {
        all,
        records: all.length,
        bytes: all.reduce((sum, { body }) => sum + body.length, 0),
        done,
      };
      held.records += part.records;
      held.bytes += part.bytes;
      const queue = queues.get(partition) ?? [];
      queue.push(part);
      if (queues.has(partition)) return;
      queues.set(partition, queue);
      work(partition, queue).catch(options.fail);
    },
    room: () => until(() => held.records <= IN_FLIGHT_RECORDS && held.bytes <= IN_FLIGHT_BYTES),
    drained: () => until(() => held.records === 0),
    inFlight: () => ({ ...held }),
    trouble: () => troubles.values().next().value ?? null,
  };
};

const publish = async (
  { source, log, pause, stopped }: LaneOptions,
  troubles: Map<number, Trouble>,
  partition: number,
  parts: readonly Part[],
): Promise<void> => {
  const [first] = parts;
  const records = parts.length === 1 && first !== undefined ? first.all : parts.flatMap((part) => part.all);
  const tell = (trouble: Trouble | null): void => {
    if (trouble === null) troubles.delete(partition);
    else troubles.set(partition, trouble);
  };
  await untilDone(() => log.publish({ source, partition }, records), { pause, stopped, tell });
};
