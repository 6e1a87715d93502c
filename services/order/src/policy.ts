// The policy `order`: the promise, the return window, the codes.
import { z } from 'zod';

export const OrderPolicy = z.strictObject({
  policy: z.literal('order'),
  id: z.string().optional(),
  version: z.int().min(1),
  validFrom: z.iso.date(),
  /** A promise that nobody gave: business days after placing. */
  promiseBusinessDays: z.int().min(0).max(365),
  /** Calendar days after the fulfilment on which a return may still be requested. */
  returnDays: z.int().min(0).max(3650),
  /** Codes of rejecting and cancelling, with their names. */
  reasons: z.record(z.string().regex(/^[A-Z_]{2,64}$/), z.strictObject({ en: z.string(), zh: z.string() })),
});

export type OrderPolicy = z.infer<typeof OrderPolicy>;
