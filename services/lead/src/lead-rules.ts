// The rules of leads: limits, codes, what SQL asks for, what a conversion may be asked for.
import { ruleViolated, TenureError, type CalendarDate } from '@tenure/core';
import type { LeadCommands, LeadContext, LeadState } from './lead-state.ts';

/** Limits of one lead (DEFAULTS §12). */
const LIMITS = { interests: 20, fields: 100, attempts: 100, scorings: 1_000 } as const;

/** @throws LIMIT_EXCEEDED */
export const checkLimit = (limit: keyof typeof LIMITS, count: number): void => {
  if (count > LIMITS[limit])
    throw ruleViolated('LIMIT_EXCEEDED', `A lead has at most ${LIMITS[limit]} ${limit}.`, {
      limit,
      value: LIMITS[limit],
    });
};

/** @throws UNKNOWN_REASON with the codes of the policy */
export const checkReason = (code: string, { reasons }: LeadContext): void => {
  if (!Object.hasOwn(reasons, code))
    throw ruleViolated('UNKNOWN_REASON', 'The reason code is not in the policy of leads.', {
      allowed: Object.keys(reasons),
    });
};

/** @throws REENGAGE_IN_PAST */
export const checkLater = (reengageOn: CalendarDate, today: CalendarDate): CalendarDate => {
  if (reengageOn < today)
    throw ruleViolated('REENGAGE_IN_PAST', `A lead is taken up again on ${today} or later.`, { today });
  return reengageOn;
};

const BANT = ['budget', 'authority', 'need', 'timeline'] as const;

/** @throws BANT_REQUIRED with what is missing: sales takes a lead only with all four answers */
export const checkBant = (command: LeadCommands['QualifyLead']): void => {
  if (command.level !== 'SQL') return;
  const missing = BANT.filter((answer) => command[answer] === undefined || command[answer] === null);
  if (missing.length > 0)
    throw ruleViolated('BANT_REQUIRED', 'SQL needs budget, authority, need and timeline.', { missing });
};

/** @throws DUPLICATE_OF_ITSELF, UNKNOWN_LEAD */
export const checkOriginal = (
  { duplicateOfLeadId, duplicateOfCustomerId }: LeadCommands['MarkLeadDuplicate'],
  { id, customerId, original }: LeadContext & { readonly id: string; readonly customerId: string },
): void => {
  if (duplicateOfLeadId === id || duplicateOfCustomerId === customerId)
    throw ruleViolated('DUPLICATE_OF_ITSELF', 'A lead repeats another one, or another customer.');
  if (duplicateOfLeadId && !original)
    throw ruleViolated('UNKNOWN_LEAD', 'There is no lead with the id of the one that is repeated.');
};

/**
 * The id of a conversion stays with the lead: whatever is retried meets the same streams.
 * @throws CONVERSION_STARTED when another id is named
 */
export const conversionIdOf = (
  { conversion }: LeadState,
  named: string | null | undefined,
  fresh: string,
): string => {
  const known = conversion?.conversionId;
  if (known !== undefined && named !== undefined && named !== null && named !== known)
    throw ruleViolated('CONVERSION_STARTED', 'The lead has a conversion already; retry it under its id.', {
      conversionId: known,
    });
  return known ?? named ?? fresh;
};

/** @throws SAME_CUSTOMER, EXISTING_CUSTOMER_GONE, CUSTOMER_ERASED */
export const checkConversion = (
  { existingCustomerId }: LeadCommands['RequestConversion'],
  { customerId, gone }: LeadContext & { readonly customerId: string },
): void => {
  if (existingCustomerId === customerId)
    throw ruleViolated('SAME_CUSTOMER', 'This is the party of the lead itself; convert it as NEW.');
  if (gone !== null)
    throw ruleViolated(
      'EXISTING_CUSTOMER_GONE',
      'The existing customer was merged or erased; name one that is there.',
      gone.survivorId === null ? {} : { survivorId: gone.survivorId },
    );
};

/** @throws CUSTOMER_ERASED when nobody can read any more who the lead is */
export const cardOf = ({ card }: LeadContext): NonNullable<LeadContext['card']> => {
  if (card === null)
    throw new TenureError(
      'CUSTOMER_ERASED',
      'The personal data of this lead is erased; nobody can be registered from it.',
    );
  return card;
};
