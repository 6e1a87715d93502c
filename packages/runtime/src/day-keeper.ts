// Looks every minute whether a business day is over. A missed look does no harm: the next one closes what is due.
const EVERY_MS = 60_000;
/** After a failure it is looked at again soon: an engine may be away for seconds. */
const AGAIN_MS = 2_000;
/** A start waits so long for the first look: normally milliseconds, but a backlog of deadlines must not hold it up. */
const FIRST_MS = 1_000;

/** Closes what is due now, then goes on looking. */
export const keepClosingDays = async (
  closeDue: () => Promise<readonly string[]>,
  failed: (error: unknown) => void,
): Promise<{ readonly stop: () => Promise<void> }> => {
  let turn: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const next = (ms: number): void => {
    if (!stopped) timer = setTimeout(look, ms);
  };
  const look = (): void => {
    turn = closeNow();
  };
  const closeNow = async (): Promise<void> => {
    try {
      await closeDue();
      next(EVERY_MS);
    } catch (error) {
      failed(error);
      next(AGAIN_MS);
    }
  };
  look();
  await Promise.race([turn, new Promise((resolve) => void setTimeout(resolve, FIRST_MS).unref())]);
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await turn;
    },
  };
};
