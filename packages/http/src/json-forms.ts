// The forms that values have in every request and answer (HTTP §2), as schemas.
import { z } from 'zod';

/** An aggregate's id: a lower-case UUID, or two of them joined where the interface says so. */
export const Id = z
  .string()
  .regex(/^[0-9a-f]{8}-[0-9a-f-]{27,64}$/, 'must be a lower-case UUID')
  .meta({ format: 'uuid', example: '0192f0c1-1111-7abc-8def-0123456789ab' });

export const Instant = z.iso.datetime({ offset: true }).meta({ example: '2026-11-20T09:14:03.000Z' });

/** An instant in a query: ms since the epoch, UTC. */
export const InstantParameter = Instant.transform((text) => Date.parse(text));

export const instantOut = (ms: number): string => new Date(ms).toISOString();

const POSITIONS = /^[a-z][a-z0-9-]{0,40}:\d{1,16}(,[a-z][a-z0-9-]{0,40}:\d{1,16}){0,15}$/;

/** `order:8123,customer:17` → {order: 8123, customer: 17}. */
export const Positions = z
  .string()
  .regex(POSITIONS, 'must be like order:8123,customer:17')
  .transform((text) =>
    Object.fromEntries(
      text.split(',').map((part): [string, number] => {
        const [source = '', position = ''] = part.split(':');
        return [source, Number(position)];
      }),
    ),
  )
  .meta({ example: 'order:8123,customer:17' });

export const positionsOut = (positions: Readonly<Record<string, number>>): string =>
  Object.entries(positions)
    .map(([source, position]) => `${source}:${position}`)
    .join(',');

/** Pages hold at most 500 items; 50 by default. */
export const MAX_PAGE = 500;
export const Limit = z
  .string()
  .regex(/^\d{1,4}$/, 'must be a number')
  .transform(Number)
  .refine((limit) => limit >= 1 && limit <= MAX_PAGE, `must be 1 to ${MAX_PAGE}`)
  .meta({ override: { type: 'integer', minimum: 1, maximum: MAX_PAGE, default: 50 } });

/** Several values separated by commas. */
export const Texts = z
  .string()
  .max(2_000)
  .transform((text) => text.split(',').filter((part) => part !== ''));

export const Cursor = z.string().max(1_000).meta({ description: 'From `next` of the page before.' });

/** Where each source stood when the answer was made. */
export const AsOf = z.record(z.string(), z.int()).meta({ example: { order: 8123 } });

/** Which personal values are null and why: JSON pointer → reason. */
export const Masked = z.record(z.string(), z.enum(['role', 'erased']));
