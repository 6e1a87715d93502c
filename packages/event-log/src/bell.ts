/** Wakes everybody who waits, in the same tick. Whoever wakes looks for himself at what has changed. */
export type Bell = { ring(): void; next(): Promise<void> };

export const bell = (): Bell => {
  let rung = Promise.withResolvers<void>();
  return {
    ring() {
      rung.resolve();
      rung = Promise.withResolvers<void>();
    },
    next: () => rung.promise,
  };
};
