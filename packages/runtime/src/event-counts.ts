// How many events of each type are in the log: counted as they pass, kept in a small file that may lag or be lost.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { EventLog, LaneBatch, Subscription } from '@tenure/event-log';
import type { Codec } from '@tenure/events';
import { z } from 'zod';

const Saved = z.object({ seqs: z.record(z.string(), z.int()), counts: z.record(z.string(), z.int()) });

export type EventCounts = {
  readonly counts: () => Readonly<Record<string, number>>;
  readonly stop: () => Promise<void>;
};

/** Written after so many events, and at the stop: a start counts anew what came since. */
const SAVE_EVERY = 100_000;

/** Events that no schema of this build describes. */
const UNKNOWN = 'UNKNOWN';

/** Starts counting where the file says that it had come. */
export const countEvents = async (
  log: EventLog,
  { sources, broadcast }: { readonly sources: readonly string[]; readonly broadcast: readonly string[] },
  codec: Pick<Codec, 'peek'>,
  file: string,
): Promise<EventCounts> => {
  const { seqs, counts } = load(file);
  let unsaved = 0;
  const save = (): void => {
    unsaved = 0;
    writeFileSync(`${file}.new`, JSON.stringify({ seqs, counts }));
    renameSync(`${file}.new`, file);
  };
  const count = ({ lane, records }: LaneBatch): void => {
    if (lane.partition > 0 && broadcast.includes(lane.source)) return; // the same events in every lane
    const name = `${lane.source}/${lane.partition}`;
    for (const { body, seq } of records) {
      const type = typeOf(codec, body);
      counts[type] = (counts[type] ?? 0) + 1;
      seqs[name] = seq;
      unsaved++;
    }
  };
  const subscription: Subscription = await log.subscribe(
    'event-counts',
    sources,
    async (lane) => (seqs[`${lane.source}/${lane.partition}`] ?? 0) + 1,
    async (batches) => {
      batches.forEach(count);
      if (unsaved >= SAVE_EVERY) save();
    },
  );
  return {
    counts: () => ({ ...counts }),
    async stop() {
      await subscription.stop();
      save();
    },
  };
};

const typeOf = (codec: Pick<Codec, 'peek'>, body: Uint8Array): string => {
  try {
    return codec.peek(body).type;
  } catch {
    return UNKNOWN; // it is counted all the same: the projections say what is wrong with it
  }
};

const load = (file: string): z.infer<typeof Saved> => {
  if (!existsSync(file)) return { seqs: {}, counts: {} };
  try {
    return Saved.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { seqs: {}, counts: {} }; // a half-written file costs a recount, nothing else
  }
};
