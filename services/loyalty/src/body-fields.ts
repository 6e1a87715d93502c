// Types of fields that only loyalty has.
import { parseInstant } from '@tenure/core';
import { z } from 'zod';

/** An instant as it is sent, ISO 8601 with offset; ms once it is read. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be an instant in ISO 8601 with offset' })
  .transform((text, context) => {
    const at = parseInstant(text);
    if (at === null)
      context.addIssue({ code: 'custom', message: 'must be an instant in ISO 8601 with offset' });
    return at ?? 0;
  });

/** 32 bits: how events keep points. What an account takes is a rule of its own (LIMIT_EXCEEDED). */
const MAX_POINTS = 2_147_483_647;

/** One point or more. */
export const points = z.int().min(1).max(MAX_POINTS);

/** Points to add, or to take when negative. */
export const signedPoints = z
  .int()
  .min(-MAX_POINTS)
  .max(MAX_POINTS)
  .refine((value) => value !== 0, 'must not be 0');
