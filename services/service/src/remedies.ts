// What may be offered to make up for a complaint, and by whom.
import { parseMoney, ruleViolated, TenureError, type Money } from '@tenure/core';
import type { DeskPolicy } from './policy.ts';

export type Worth = {
  readonly value?: Money | null | undefined;
  readonly points?: number | null | undefined;
};

type Grant = DeskPolicy['remedies']['grants'][number];

/** Imported history says what was granted; nobody is asked any more. */
const HISTORIAN = 'import';

/** @throws CURRENCY_MISMATCH; FORBIDDEN with the roles that may offer as much (none where nobody may) */
export const checkGrant = (
  { value, points }: Worth,
  { remedies: { grants } }: DeskPolicy,
  { roles, homeCurrency }: { readonly roles: readonly string[]; readonly homeCurrency: string },
): void => {
  if (value && value.currency !== homeCurrency)
    throw ruleViolated('CURRENCY_MISMATCH', `Remedies are offered in ${homeCurrency}.`, {
      currency: homeCurrency,
    });
  if (roles.includes(HISTORIAN)) return;
  const covers = (grant: Grant): boolean =>
    (value?.minor ?? 0) <= parseMoney(grant.amount, homeCurrency).minor && (points ?? 0) <= grant.points;
  const enough = grants.filter(covers);
  if (enough.some((grant) => grant.roles.some((role) => roles.includes(role)))) return;
  const needs = enough[0]?.roles ?? [];
  throw new TenureError(
    'FORBIDDEN',
    needs.length === 0
      ? 'Nobody may offer as much for one complaint. Offer less.'
      : 'The remedy is worth more than this role may offer. Offer less, or ask one of `needs`.',
    { needs },
  );
};

/** At most so many offers are made for a complaint. @throws LIMIT_EXCEEDED */
export const checkOffers = (made: number, { limits }: DeskPolicy): void => {
  if (made >= limits.offers)
    throw ruleViolated(
      'LIMIT_EXCEEDED',
      `A complaint gets at most ${limits.offers} offers. Reject it, or hand it to the body outside.`,
      { limit: 'offers', value: limits.offers },
    );
};
