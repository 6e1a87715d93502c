// One event, by its id or by where it stands.
import type { DecodedEvent } from '@tenure/events';
import { notFound, route, type Kit, type RouteSpec } from '@tenure/http';
import { z } from 'zod';
import { eventAt, eventOfKey, eventWithId, MAX_LOOKED_THROUGH } from '../event-lookup.ts';
import type { OperationsPorts } from '../ports.ts';
import { checkSources } from './known-sources.ts';
import { shown, ShownEvent } from './shown-event.ts';

const PLACE = /^([a-z][a-z0-9-]{0,40}):(\d{1,15})$/;

export const oneEvent = (ports: OperationsPorts): RouteSpec =>
  route({
    method: 'GET',
    path: '/ops/events/{id}',
    summary: 'One event, by its id or as source:position; personal values stay closed',
    tag: 'operations',
    access: { rights: ['ops-read'] },
    params: z.object({
      id: z
        .string()
        .max(60)
        .regex(
          /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z][a-z0-9-]*:\d{1,15})$/,
          'must be an event id or source:position',
        ),
    }),
    query: z.object({ key: z.string().max(200).optional() }),
    responses: {
      200: { description: 'The event. `key` makes finding an old one quick.', schema: ShownEvent },
    },
    handle: async ({ params: { id }, query: { key } }, kit) => {
      const sources = Object.keys(await ports.heads()).toSorted();
      return { status: 200, body: shown(await find(kit, sources, id, key)) };
    },
  });

/** @throws NOT_FOUND */
const find = async (
  kit: Kit,
  sources: readonly string[],
  id: string,
  key: string | undefined,
): Promise<DecodedEvent> => {
  const [, source, position] = PLACE.exec(id) ?? [];
  if (source !== undefined) {
    checkSources([source], sources);
    return found(await eventAt(kit, source, Number(position)), 'There is no event at this position.');
  }
  if (key !== undefined)
    return found(await eventOfKey(kit, sources, key, id), 'This key has no event with this id.');
  const { event, whole } = await eventWithId(kit, sources, id);
  return found(
    event,
    whole
      ? 'There is no event with this id.'
      : `It is not among the newest ${MAX_LOOKED_THROUGH} events. Name its customer with key, or its source:position.`,
  );
};

const found = (event: DecodedEvent | null, otherwise: string): DecodedEvent => {
  if (event === null) throw notFound(otherwise);
  return event;
};
