// Whose aggregate is it? Rights by ownership (HTTP §9) and the standing of the customer behind an aggregate.
import type { State } from '@tenure/core';
import type { Caller, CommandRequest } from '../command.ts';
import type { AggregateSpec, Lookups } from '../definition.ts';
import { readParty, type Party } from '../party-lookup.ts';
import type { Policies } from '../policies.ts';
import type { AgentsPolicy } from '../policies/shared.ts';
import { customerAbsorbed, customerErased, notYours } from './refusals.ts';

/** What is known of the customer behind an aggregate; null: nobody has registered him, or there is none. */
export const partyOf = async (
  spec: AggregateSpec,
  state: State,
  customerId: string | null,
  lookups: Lookups,
): Promise<Party | null> => {
  if (customerId === null || spec.customer === 'none') return null;
  if (spec.customer !== 'self') return answeredFor(await readParty(lookups, customerId), lookups);
  const own = ownParty(spec, state);
  if (own.survivorId === null) return own;
  // The survivor may have been absorbed since: his own stream does not know.
  const next = await readParty(lookups, own.survivorId);
  return next?.standing === 'absorbed' ? { ...own, survivorId: next.survivorId } : own;
};

/** What an absorbed customer has is the business of whoever answers for his survivor. */
const answeredFor = async (party: Party | null, lookups: Lookups): Promise<Party | null> => {
  if (party?.standing !== 'absorbed' || party.survivorId === null) return party;
  return { ...party, ownerId: (await readParty(lookups, party.survivorId))?.ownerId ?? null };
};

/** A customer's own stream is never behind; its state names the survivor under `survivorId`. */
const ownParty = (spec: AggregateSpec, state: State & { readonly survivorId?: unknown }): Party => ({
  ownerId: spec.ownerOf?.(state) ?? null,
  standing: state.status === 'Erased' ? 'erased' : state.status === 'Absorbed' ? 'absorbed' : 'present',
  survivorId: typeof state.survivorId === 'string' ? state.survivorId : null,
});

/** True where the caller is limited to what he or his teams own. */
export const limitedToOwn = (caller: Caller, scope: CommandRequest['scope']): boolean => {
  if (scope !== undefined) return scope === 'own';
  return caller.roles.includes('agent') && !caller.roles.some((role) => seesAll(role));
};

const seesAll = (role: string): boolean =>
  role === 'supervisor' || role === 'admin' || role === 'import' || role.startsWith('service:');

/** @throws FORBIDDEN when the owner is neither the caller nor of his teams. Nobody's is everybody's. */
export const checkOwner = (caller: Caller, owner: string | null, policies: Policies, today: string): void => {
  if (owner === null || owner === caller.agent) return;
  const team = teamOf(policies.at<AgentsPolicy>('agents', today), owner);
  if (team === undefined || !caller.teams.includes(team)) throw notYours();
};

const teamsByPolicy = new WeakMap<AgentsPolicy, ReadonlyMap<string, string>>();

const teamOf = (policy: AgentsPolicy, agent: string): string | undefined => {
  let teams = teamsByPolicy.get(policy);
  if (teams === undefined) {
    teams = new Map(policy.agents.map(({ id, team }) => [id, team]));
    teamsByPolicy.set(policy, teams);
  }
  return teams.get(agent);
};

/** The owner who counts: the aggregate's own, else his customer's. */
export const ownerOf = (spec: AggregateSpec, state: State | null, party: Party | null): string | null =>
  (state === null ? null : spec.ownerOf?.(state)) ?? party?.ownerId ?? null;

/**
 * Refuses work for a customer who is gone. What an absorbed customer has already, and what processes and deadlines still
 * have to finish for him, goes on: read models fold it into the survivor.
 */
export const checkStanding = (party: Party | null, absorbedMay: boolean): void => {
  if (party?.standing === 'erased') throw customerErased();
  if (party?.standing === 'absorbed' && !absorbedMay) throw customerAbsorbed(party.survivorId);
};
