// Many things at the same time, but not too many: enough to fill a group commit, few beside the commands of people.

export const MAX_AT_ONCE = 64;

/** Runs work on all items, at most 64 at a time, and answers what was thrown: one that fails does not stop the others. */
export const atOnce = async <T>(
  items: readonly T[],
  run: (item: T) => Promise<void>,
): Promise<readonly unknown[]> => {
  const problems: unknown[] = [];
  const queue = items.values();
  const lane = async (): Promise<void> => {
    for (const item of queue)
      try {
        await run(item);
      } catch (error) {
        problems.push(error); // the caller decides what it means
      }
  };
  await Promise.all(Array.from({ length: Math.min(MAX_AT_ONCE, items.length) }, lane));
  return problems;
};
