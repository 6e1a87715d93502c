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

/** A bell for everybody who follows some sources: he looks at many lanes, so he is woken for those alone. */
export const bellsBySource = () => {
  const bells = new Map<string, Set<Bell>>();
  return {
    ring(source: string): void {
      for (const one of bells.get(source) ?? []) one.ring();
    },
    of(sources: readonly string[]): { readonly bell: Bell; readonly leave: () => void } {
      const own = bell();
      for (const source of sources) bells.set(source, (bells.get(source) ?? new Set()).add(own));
      return { bell: own, leave: () => sources.forEach((source) => bells.get(source)?.delete(own)) };
    },
  };
};
