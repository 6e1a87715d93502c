// Lanes publish side by side, each one call at a time, and together hold no more than a bounded amount.
import { isTenureError, toPlainError } from '@tenure/core';
import { bell } from '../bell.ts';
import type { EventLog, LogRecord } from '../event-log.ts';
import { backOff, type Pause } from '../pause.ts';

// What may wait for a slow log: enough to keep every lane busy, little enough for memory to stay flat.
const IN_FLIGHT_RECORDS = 20_000;
const IN_FLIGHT_BYTES = 32 * 1024 * 1024;

/** Why a relay is waiting, for the operator: code and sentence of the last error, and how often it was tried since. */
export type RelayTrouble = { readonly code: string; readonly detail: string; readonly attempts: number };

export type RelayLanes = {
  /** Queues records for a lane; `done` is called when they are in the log. */
  send(partition: number, records: readonly LogRecord[], done: () => void): void;
  /** Resolves when there is room for more, or when stopped. */
  room(): Promise<void>;
  /** Resolves when nothing is in flight, or when stopped. */
  drained(): Promise<void>;
  inFlight(): { readonly records: number; readonly bytes: number };
  trouble(): RelayTrouble | null;
};

type Part = { readonly records: readonly LogRecord[]; readonly bytes: number; readonly done: () => void };

export const relayLanes = (options: {
  readonly source: string;
  readonly log: Pick<EventLog, 'publish'>;
  readonly pause: Pause;
  readonly stopped: AbortSignal;
  /** An error that no retry can mend. */
  readonly fail: (error: unknown) => void;
}): RelayLanes => {
  const { source, log, pause, stopped, fail } = options;
  const queues = new Map<number, Part[]>(); // of the lanes that are publishing
  const troubles = new Map<number, RelayTrouble>();
  const settled = bell();
  const held = { records: 0, bytes: 0 };
  stopped.addEventListener('abort', () => settled.ring(), { once: true });

  const publish = async (partition: number, records: readonly LogRecord[]): Promise<boolean> => {
    for (let attempts = 1; !stopped.aborted; attempts++) {
      try {
        await log.publish({ source, partition }, records);
        troubles.delete(partition);
        return true;
      } catch (error) {
        if (isTenureError(error) && !error.retriable) throw error;
        const { code, detail } = toPlainError(error);
        troubles.set(partition, { code, detail, attempts });
        await pause(backOff(attempts - 1), stopped);
      }
    }
    return false;
  };
  const work = async (partition: number, queue: Part[]): Promise<void> => {
    while (queue.length > 0) {
      const parts = queue.splice(0);
      const [first] = parts;
      const records = parts.length === 1 && first !== undefined ? first.records : parts.flatMap((part) => part.records);
      if (!(await publish(partition, records))) return;
      for (const part of parts) {
        held.records -= part.records.length;
        held.bytes -= part.bytes;
        part.done();
      }
      settled.ring();
    }
    queues.delete(partition);
  };
  return {
    send(partition, records, done) {
      const part = { records, bytes: records.reduce((sum, { body }) => sum + body.length, 0), done };
      held.records += records.length;
      held.bytes += part.bytes;
      const queue = queues.get(partition);
      if (queue !== undefined) {
        queue.push(part);
        return;
      }
      const fresh = [part];
      queues.set(partition, fresh);
      work(partition, fresh).catch(fail);
    },
    async room() {
      while (!stopped.aborted && (held.records > IN_FLIGHT_RECORDS || held.bytes > IN_FLIGHT_BYTES)) await settled.next();
    },
    async drained() {
      while (!stopped.aborted && held.records > 0) await settled.next();
    },
    inFlight: () => ({ ...held }),
    trouble: () => troubles.values().next().value ?? null,
  };
};
