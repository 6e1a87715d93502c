// Looks every minute whether a business day is over. A missed look does no harm: the next one closes what is due.
import { repeat, type Repeating } from './repeat.ts';

const EVERY_MS = 60_000;
/** After a failure it is looked at again soon: an engine may be away for seconds. */
const AGAIN_MS = 2_000;
/** A start waits so long for the first look: normally milliseconds, but a backlog of deadlines must not hold it up. */
const FIRST_MS = 1_000;

/** Closes what is due now, then goes on looking. */
export const keepClosingDays = async (
  closeDue: () => Promise<readonly string[]>,
  failed: (error: unknown) => void,
): Promise<Repeating> => {
  const { first, stop } = repeat(closeDue, { every: EVERY_MS, again: AGAIN_MS }, failed);
  await Promise.race([first, new Promise((resolve) => void setTimeout(resolve, FIRST_MS).unref())]);
  return { stop };
};
