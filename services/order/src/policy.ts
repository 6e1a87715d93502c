// The policy `order`: the promise, the return window, the codes.
import { fields } from '@tenure/service-kit';
import { z } from 'zod';
import { NOT_RETURNABLE } from './return.ts';

/** Codes with their names. */
const Codes = z.record(
  z.string().regex(/^[A-Z_]{2,64}$/),
  z.strictObject({ en: z.string(), zh: z.string() }),
);

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
  reasons: Codes,
  /** Codes of asking for a return. */
  returnReasons: Codes,
  /** Codes of rejecting one; NOT_RETURNABLE is what a refused reservation says. */
  returnRejections: Codes.refine(
    (codes) => Object.hasOwn(codes, NOT_RETURNABLE),
    `must have ${NOT_RETURNABLE}`,
  ),
  /** Returns worth up to this an agent approves alone, per currency; in another one a supervisor decides. */
  agentApproves: z.array(fields.money.nonNegative).max(200),
});

export type OrderPolicy = z.infer<typeof OrderPolicy>;
