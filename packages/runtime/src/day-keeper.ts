// Looks every minute whether a business day is over. A missed look does no harm: the next one closes what is due.
const EVERY_MS = 60_000;

/** Closes what is due now, then goes on looking. */
export const keepClosingDays = async (
  closeDue: () => Promise<readonly string[]>,
  failed: (error: unknown) => void,
): Promise<{ readonly stop: () => Promise<void> }> => {
  let turn: Promise<unknown> = closeDue();
  await turn;
  const timer = setInterval(() => {
    turn = closeDue().catch(failed);
  }, EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      await turn;
    },
  };
};
