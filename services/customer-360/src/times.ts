// When something first and last happened, kept by every slice in the same way.
import { formatInstant } from '@tenure/core';
import type { Slice } from '@tenure/projections';

/** occurredAt of the first and of the newest event (ISO 8601, UTC): late facts move the one back, never the other. */
export type Times = { readonly createdAt: string | null; readonly updatedAt: string | null };

/** The slice, with its times after every event it handles: a merge, which no slice handles, leaves no trace. */
export const withTimes = <S extends Times>(slice: Slice<S>): Slice<S> => ({
  init: slice.init,
  on: Object.fromEntries(
    Object.entries(slice.on).map(([type, fold]) => [
      type,
      (state: S, event: Parameters<typeof fold>[1], documentId: string): S => {
        const at = formatInstant(event.occurredAt);
        const next = fold(state, event, documentId);
        const { createdAt, updatedAt } = next;
        if (createdAt !== null && createdAt <= at && updatedAt !== null && updatedAt >= at) return next;
        return {
          ...next,
          createdAt: createdAt === null || at < createdAt ? at : createdAt,
          updatedAt: updatedAt === null || at > updatedAt ? at : updatedAt,
        };
      },
    ]),
  ),
});
