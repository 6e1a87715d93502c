// When something last happened, kept by every slice in the same way.
import type { Slice } from '@tenure/projections';

/** The slice, with `updatedAt` (ms): occurredAt of its newest event. Late facts do not turn it back. */
export const withNewest = <S extends { readonly updatedAt: number }>(slice: Slice<S>): Slice<S> => ({
  init: slice.init,
  on: Object.fromEntries(
    Object.entries(slice.on).map(([type, fold]) => [
      type,
      (state: S, event: Parameters<typeof fold>[1]): S => {
        const next = fold(state, event);
        return { ...next, updatedAt: Math.max(state.updatedAt, event.occurredAt) };
      },
    ]),
  ),
});
