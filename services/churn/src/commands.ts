// The body of the one command: an assessment. No person sends it.
import { fields, type CommandSpec } from '@tenure/service-kit';
import { z } from 'zod';

const { id, code, date } = fields;

const Values = z.record(z.string(), z.union([z.string(), z.number()]));
const Evidence = z.array(id).max(20);
const Decimal = z.string().regex(/^\d+(\.\d+)?$/);

/** The kit leaves nulls out: absent is null. */
const orNull = <T>(schema: z.ZodType<T>) => schema.nullish().transform((value) => value ?? null);

export const commands: Readonly<Record<string, CommandSpec>> = {
  ReviseRisk: {
    body: z.strictObject({
      rulesVersion: z.int().min(1),
      score: z.int().min(0).max(100),
      signals: z.array(
        z.strictObject({
          code,
          severity: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
          weight: Decimal,
          contribution: z.int(),
          ageDays: z.int().min(0),
          observed: Values,
          threshold: Values,
          evidence: Evidence,
        }),
      ),
      churned: orNull(z.strictObject({ on: date, evidence: Evidence })),
      lastOrder: orNull(
        z.strictObject({ eventId: orNull(id), on: date, daysSincePrevious: orNull(z.int().min(1)) }),
      ),
      /** The event after which the customer was assessed; none: a day has closed, or rules have changed. */
      occasion: z.array(id).max(1),
    }),
  },
};
