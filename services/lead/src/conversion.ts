// How far a conversion has come. Its state is in the lead; what the other services did is in the service's own tables,
// and everything has an id that derives from the lead or the conversion: nothing has to be remembered on the way.
import { readParty, type ContextSources } from '@tenure/service-kit';
import type { Conversion, LeadState, Progress } from './lead-state.ts';
import { isInDeal } from './lookups.ts';

/** A lead with its party, and how far its conversion has come. */
export type Converting = {
  readonly leadId: string;
  /** The party of the lead: the key of its events. */
  readonly customerId: string;
  readonly status: LeadState['status'];
  readonly conversion: Conversion | null;
  readonly progress: Progress;
};

const NOTHING_DONE: Progress = { customer: false, opportunity: false };

/** The party is somebody now: registered himself, or merged into somebody who is. */
const hasBecomeCustomer = async (
  { lookups }: ContextSources,
  customerId: string,
  { customerMode }: Conversion,
): Promise<boolean> => {
  const party = await readParty(lookups, customerId);
  if (party === null) return false;
  return party.standing === 'absorbed' || (customerMode === 'NEW' && party.registered === true);
};

export const progressOf = async (
  sources: ContextSources,
  leadId: string,
  customerId: string,
  conversion: Conversion,
): Promise<Progress> => {
  const { opportunityId } = conversion;
  const [customer, opportunity] = await Promise.all([
    hasBecomeCustomer(sources, customerId, conversion),
    opportunityId === null ? true : isInDeal(sources.lookups, leadId, opportunityId),
  ]);
  return { customer, opportunity };
};

/** A lead of this service as it stands now; null: it does not exist. */
export const convertingOf = async (sources: ContextSources, leadId: string): Promise<Converting | null> => {
  const { state, key } = await sources.read('lead', leadId);
  if (key === null) return null;
  const { status, conversion } = state as LeadState;
  const progress = conversion === null ? NOTHING_DONE : await progressOf(sources, leadId, key, conversion);
  return { leadId, customerId: key, status, conversion, progress };
};
