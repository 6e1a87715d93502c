// Work that a server does again and again beside its requests: one after the other, never two at once.
export type Repeating = { readonly stop: () => Promise<void> };

/** When it runs again, ms: after it went well, and after it failed. */
export type Rhythm = { readonly every: number; readonly again: number };

/** Does the work now and then in its rhythm. `first`: resolves when the first attempt is over, however it ended. */
export const repeat = (
  work: () => Promise<unknown>,
  { every, again }: Rhythm,
  failed: (error: unknown) => void,
): Repeating & { readonly first: Promise<void> } => {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const attempt = async (): Promise<void> => {
    let next = every;
    try {
      await work();
    } catch (error) {
      failed(error);
      next = again;
    }
    if (!stopped) timer = setTimeout(run, next).unref();
  };
  const run = (): void => {
    turn = attempt();
  };
  let turn = attempt();
  return {
    first: turn,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await turn;
    },
  };
};
