// Which customers a caller with own/team rights may see: the customer's owner decides, known from a lookup.
import { authorize, type Principal } from './access.ts';

/** What the platform knows about owners. Behind it: a lookup of the customer service and the policy `agents`. */
export interface Ownership {
  /** Owner of each of these customers; absent or null: nobody owns him. */
  ownersOf(customerIds: readonly string[]): Promise<ReadonlyMap<string, string | null>>;
  /** The team an agent belongs to. */
  teamOf(agent: string): string | null;
  /** The agents of these teams. */
  membersOf(teams: readonly string[]): readonly string[];
}

/** own: the caller is the owner or there is none · team: the owner's team is one of the caller's. */
export const owns = (principal: Principal, owner: string | null, ownership: Ownership): boolean => {
  if (owner === null || owner === principal.agent) return true;
  const team = ownership.teamOf(owner);
  return team !== null && principal.teams.includes(team);
};

/** What a caller sees of a customer: nothing, the document with personal data masked, or all of it. */
export type Sight = 'none' | 'masked' | 'open';

/** How far a caller sees, before any customer is looked at. */
export type View = { readonly open: 'all' | 'own' | 'none'; readonly masked: boolean };

export const viewOf = (principal: Principal): View => {
  const open = authorize(principal, 'open');
  return {
    open: open.allowed ? open.reach : 'none',
    masked: authorize(principal, 'masked').allowed,
  };
};

/** What the caller sees of each customer. Asks for owners only where they matter. */
export const sightOf = async (
  principal: Principal,
  customerIds: readonly string[],
  ownership: Ownership,
): Promise<(customerId: string) => Sight> => {
  const view = viewOf(principal);
  const otherwise: Sight = view.masked ? 'masked' : 'none';
  if (view.open === 'all') return () => 'open';
  if (view.open === 'none') return () => otherwise;
  const owners = await ownership.ownersOf([...new Set(customerIds)]);
  return (customerId) => (owns(principal, owners.get(customerId) ?? null, ownership) ? 'open' : otherwise);
};
