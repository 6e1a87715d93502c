// Key epochs end after 30 days at most: what a destroyed key leaves in backups and on worn disks cannot be opened then.
import type { KeyStore } from '@tenure/keys';
import { repeat, type Repeating } from './repeat.ts';

const EPOCH_MS = 29 * 86_400_000; // a day below the promise: a server may stand still for some hours
const EVERY_MS = 3_600_000;
const AGAIN_MS = 60_000;

/** Rotates the epoch when its time has come. `now`: wall time, ms. */
export const keepRotatingKeys = (
  keys: Pick<KeyStore, 'status' | 'rotate'>,
  now: () => number,
  failed: (error: unknown) => void,
): Repeating =>
  repeat(
    async () => {
      const { since } = await keys.status();
      if (now() - since >= EPOCH_MS) await keys.rotate(now());
    },
    { every: EVERY_MS, again: AGAIN_MS },
    failed,
  );
