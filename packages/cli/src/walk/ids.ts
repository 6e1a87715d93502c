// Ids, products and people of the walk: the same in every run.
import { uuid5, URL_NAMESPACE } from '@tenure/core';

const NAMESPACE = uuid5(URL_NAMESPACE, 'tenure:walk');
const POLICIES = uuid5(URL_NAMESPACE, 'tenure:policy');

export const walkId = (name: string): string => uuid5(NAMESPACE, name);
/** Ids of teams, queues and rewards that a policy names. */
export const policyId = (code: string): string => uuid5(POLICIES, code);

export const AGENT = walkId('agent-1');
export const LEAD_1 = walkId('lead-1');
export const LEAD_2 = walkId('lead-2');
/** The customer: the party of the first lead. */
export const C = uuid5(LEAD_1, 'customer');
/** The party of the second lead, which turns out to be the same person for a while. */
export const Y = uuid5(LEAD_2, 'customer');
export const CONVERSION = walkId('conversion-1');
/** The deal. */
export const O = uuid5(CONVERSION, 'opportunity');
export const PROGRAM = walkId('program-1');
/** The account. */
export const M = uuid5(C, PROGRAM);
export const EMAIL = walkId('email-1');
export const PHONE = walkId('phone-1');
/** The case, the complaint, the return. */
export const K = walkId('case-1');
export const Q = walkId('complaint-1');
export const R = walkId('return-1');

export const money = (minor: number) => ({ minor, currency: 'CNY' });

const PRODUCTS = {
  meter: { productId: walkId('P1'), category: 'instrument', unitPrice: money(42_000) },
  pack: { productId: walkId('P2'), category: 'consumable', unitPrice: money(3_800) },
} as const;

type Line = {
  readonly qty: number;
  readonly tax: number;
  readonly total: number;
  readonly discount?: number;
};

/** A line of an order or deal; amounts in minor units. `name` makes its id. */
export const line = (
  product: keyof typeof PRODUCTS,
  name: string,
  { qty, tax, total, discount = 0 }: Line,
): object => ({
  lineId: walkId(name),
  ...PRODUCTS[product],
  qty,
  discount: money(discount),
  tax: money(tax),
  total: money(total),
});
