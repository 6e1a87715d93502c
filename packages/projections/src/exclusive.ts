// One writer at a time: batches, re-folds and checks of a generation take turns.

export type Exclusive = <T>(task: () => Promise<T>) => Promise<T>;

/** Runs tasks one after the other in the order they came; a failed one does not stop the next. */
export const exclusive = (): Exclusive => {
  let last: Promise<unknown> = Promise.resolve();
  return (task) => {
    const run = last.then(task, task);
    last = run.catch(() => undefined); // who asked for the task gets its error; the next one must not
    return run;
  };
};

/** Lets everything else of this thread have a turn: long work in slices must not starve it. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
