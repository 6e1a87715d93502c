// Saves the checkpoint: the low watermark, after the lanes are flushed.
import { bell } from '../bell.ts';
import type { EventLog } from '../event-log.ts';
import { lanesOf } from '../lanes.ts';
import type { Pause } from '../pause.ts';
import type { RelayCheckpoint } from './checkpoints.ts';
import { untilDone, type Trouble } from './retrying.ts';
import type { Place } from './watermark.ts';

export type Saving = {
  /** The low watermark has moved. */
  moved(): void;
  /** Position of the last checkpoint saved. */
  position(): number;
  trouble(): Trouble | null;
  /** Saves now what is not saved yet. */
  save(): Promise<void>;
  /** Saves from time to time until stopped. @throws what no retry can mend. */
  run(): Promise<void>;
};

export const saving = (options: {
  readonly source: string;
  readonly log: EventLog;
  readonly start: Place;
  readonly place: () => Place;
  readonly keep: (checkpoint: RelayCheckpoint) => Promise<void>;
  readonly everyMs: number;
  readonly pause: Pause;
  readonly stopped: AbortSignal;
}): Saving => {
  const { source, log, place, everyMs, pause, stopped } = options;
  const progress = bell();
  let saved = options.start.position;
  let trouble: Trouble | null = null;
  stopped.addEventListener('abort', () => progress.ring(), { once: true });

  const save = async (): Promise<void> => {
    const { position, events } = place();
    if (position === saved) return;
    const heads = await Promise.all(lanesOf([source], log.partitions).map((lane) => log.head(lane)));
    await log.flush();
    if ((await log.durable(source)) < position) return; // its flush did not cover it yet: the next one will
    await options.keep({ position, events, heads });
    saved = position;
  };
  const tell = (next: Trouble | null): void => {
    trouble = next;
  };
  return {
    moved: () => progress.ring(),
    position: () => saved,
    trouble: () => trouble,
    save,
    async run() {
      while (!stopped.aborted) {
        if (place().position === saved) {
          await progress.next();
          continue;
        }
        await pause(everyMs, stopped); // more comes meanwhile: one flush for all of it
        if (!stopped.aborted) await untilDone(save, { pause, stopped, tell });
      }
    },
  };
};
