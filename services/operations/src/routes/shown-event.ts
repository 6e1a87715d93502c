// An event as operators see it.
import { formatInstant } from '@tenure/core';
import { eventJson, type DecodedEvent } from '@tenure/events';
import { closedValues, Instant } from '@tenure/http';
import { z } from 'zod';

export const ShownEvent = z.object({
  eventId: z.string(),
  type: z.string(),
  source: z.string(),
  stream: z.string(),
  revision: z.int(),
  position: z.int(),
  key: z.string(),
  occurredAt: Instant,
  recordedAt: Instant,
  actor: z.object({ kind: z.string(), id: z.string() }),
  data: z.record(z.string(), z.unknown()),
});

/** Personal values stay closed: operators see that something is there, not what. */
export const shown = (event: DecodedEvent): z.infer<typeof ShownEvent> => ({
  eventId: event.id,
  type: event.type,
  source: event.source,
  stream: event.stream,
  revision: event.revision,
  position: event.position,
  key: event.key,
  occurredAt: formatInstant(event.occurredAt),
  recordedAt: formatInstant(event.recordedAt),
  actor: event.meta.actor,
  data: closedValues(eventJson(event.type, event.data as object)) as Record<string, unknown>,
});
