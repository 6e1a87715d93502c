// Time as projections know it: the last closed business day, taken from the events of the source `clock`.
import { addDays, startOfDate, TenureError } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { Today } from './definition.ts';

export const CLOCK_SOURCE = 'clock';
export const BUSINESS_DAY_CLOSED = 'BusinessDayClosed';

/** A closed business day. `end`: the instant (ms) at which it ended in its zone. */
export type Day = Today & { readonly end: number };

/** The day that a `BusinessDayClosed` closes. @throws UNDECODABLE when the event names no day. */
export const dayOf = (event: DecodedEvent): Day => {
  const { businessDate: date, timeZone: zone } = event.data as { businessDate?: unknown; timeZone?: unknown };
  if (typeof date !== 'string' || typeof zone !== 'string')
    throw new TenureError('UNDECODABLE', 'A BusinessDayClosed names no date and zone.', { id: event.id });
  return { date, zone, end: startOfDate(addDays(date, 1), zone) };
};
