// The clock of the deployment, and closing business days by command where it is settable.
import { formatInstant, isDate, TenureError } from '@tenure/core';
import { Instant, route, type RouteSpec } from '@tenure/http';
import { z } from 'zod';
import type { OperationsPorts } from '../ports.ts';
import { recordAct } from './act.ts';

const ClockState = z.object({
  now: Instant.nullable(),
  businessDay: z.string().nullable(),
  zone: z.string(),
  settable: z.boolean(),
});

const notSettable = (): TenureError =>
  new TenureError(
    'NOT_FOUND',
    'This server runs on the machine’s clock; start one with --settable-clock to close days by command.',
  );

/** `GET` and `POST /ops/clock`. */
export const clockRoutes = ({ clock }: OperationsPorts): readonly RouteSpec[] => [
  route({
    method: 'GET',
    path: '/ops/clock',
    summary: 'Where the clock stands and which business day is closed',
    tag: 'operations',
    access: { rights: ['ops-read'] },
    responses: { 200: { description: 'The clock', schema: ClockState } },
    handle: () => {
      const now = clock.now();
      const { zone, settable } = clock;
      const body = {
        now: Number.isFinite(now) ? formatInstant(now) : null,
        businessDay: clock.businessDay(),
        zone,
        settable,
      };
      return { status: 200, body };
    },
  }),
  route({
    method: 'POST',
    path: '/ops/clock',
    summary: 'Close business days up to a date; deadlines fire in order of their time',
    tag: 'operations',
    access: { rights: ['clock'] },
    body: z.strictObject({ closeThrough: z.string().refine(isDate, 'must be a date YYYY-MM-DD') }),
    responses: {
      200: {
        description: 'All of it is durable',
        schema: z.object({ closed: z.array(z.string()), fired: z.int() }),
      },
    },
    handle: async (request, kit) => {
      if (!clock.settable) throw notSettable();
      const { closeThrough } = request.body;
      const { closed, fired, position } = await clock.closeThrough(closeThrough);
      await recordAct(kit, request, 'POST /ops/clock', `close through ${closeThrough}`);
      return { status: 200, body: { closed, fired }, headers: { 'X-Position': `clock:${position}` } };
    },
  }),
];
