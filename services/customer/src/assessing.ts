// Who may be the same as a party: read from the lookup of records and from the customers' own streams, scored by rules.
import type { ContextSources, Lookups } from '@tenure/service-kit';
import type { CustomerState } from './customer.ts';
import { MATCH_TABLE, recordOf } from './match-records.ts';
import { survivorOf, type MatchParty } from './match.ts';
import { keyName, scorePair, type MatchRecord, type MatchRules, type Score } from './matching.ts';
import type { MatchPolicy } from './policy.ts';

export type Sources = Pick<ContextSources, 'lookups' | 'read'>;

/** A party with everything that was merged into it. */
export type Group = { readonly party: MatchParty; readonly members: readonly string[] };

/** Somebody who may be the same. */
export type Candidate = { readonly group: Group; readonly assessed: Score };

/** A chain or a tree of merges that is longer is a loop. */
const MAX_MEMBERS = 100;
/** Records of one group that are looked at: 50 contact points, its leads, its names. */
const MAX_RECORDS = 200;
/** Records that share one key; beyond it the key is crowded for sure. */
const MAX_SHARED = 200;
/** Kinds that find a candidate; names and companies only confirm one. */
const FINDING: readonly string[] = ['EXTERNAL_ID', 'EMAIL', 'PHONE'];

const customerOf = async ({ read }: Sources, id: string): Promise<CustomerState> =>
  (await read('customer', id)).state as CustomerState;

/** A party of a match as its customer's stream says. */
export const matchParty = (id: string, { status, kind, registeredAt }: CustomerState): MatchParty => ({
  id,
  standing:
    status === 'Registered' ? 'registered' : status === '∅' || status === 'Bare' ? 'unregistered' : 'gone',
  internal: kind === 'INTERNAL',
  registeredAt,
});

/** The survivor of a party, with all that was merged into him. */
export const groupOf = async (sources: Sources, id: string): Promise<Group> => {
  let root = id;
  let state = await customerOf(sources, root);
  for (let hops = 0; hops < MAX_MEMBERS && state.survivorId !== null; hops++) {
    root = state.survivorId;
    state = await customerOf(sources, root);
  }
  const members = [root];
  for (let i = 0; i < members.length && members.length < MAX_MEMBERS; i++) {
    const member = members[i] ?? root;
    const { merges } = i === 0 ? state : await customerOf(sources, member);
    for (const absorbed of merges.flatMap(({ absorbedIds }) => absorbedIds))
      if (!members.includes(absorbed)) members.push(absorbed);
  }
  return { party: matchParty(root, state), members };
};

/** The records of a group with their keys. */
const recordsOf = async (
  { lookups }: Sources,
  { members }: Group,
  { strongSystems }: Pick<MatchRules, 'strongSystems'>,
): Promise<readonly MatchRecord[]> => {
  const filters = [{ column: 'party', op: 'in', value: members }] as const;
  const documents = await lookups.query(MATCH_TABLE, { filters, limit: MAX_RECORDS });
  return Promise.all(
    documents.map(async ({ id, body }) => {
      const document = recordOf(JSON.parse(body) as { slices: Readonly<Record<string, unknown>> });
      const external = document?.external ?? null;
      const system = external?.system.trim().toLowerCase() ?? '';
      const strong = external?.confidence === 100 && strongSystems.includes(system);
      return {
        id: document?.record ?? id,
        keys: await lookups.entries(MATCH_TABLE, id),
        verified: document?.verified ?? false,
        strong: strong ? { system, value: external.id.trim() } : null,
      };
    }),
  );
};

type Key = { readonly kind: string; readonly hash: string };

/** The parties that share a key; null: too many. */
const holdersOf = async (
  lookups: Lookups,
  { kind, hash }: Key,
  atMost: number,
): Promise<readonly string[] | null> => {
  const ids = await lookups.search(MATCH_TABLE, kind, hash, MAX_SHARED);
  const documents = await Promise.all(ids.map((id) => lookups.get(MATCH_TABLE, id)));
  const parties = new Set(documents.flatMap((document) => (document === undefined ? [] : [document.key])));
  return ids.length === MAX_SHARED || parties.size > atMost ? null : [...parties];
};

const findingKeys = (records: readonly MatchRecord[]): readonly Key[] => [
  ...new Map(
    records
      .flatMap(({ keys }) => keys.filter(({ kind }) => FINDING.includes(kind)))
      .map((key) => [keyName(key), key]),
  ).values(),
];

/** Scores two groups; the left one's records stand left in the evidence. */
export const assessPair = async (
  sources: Sources,
  left: Group,
  right: Group,
  policy: MatchPolicy,
): Promise<Score> => {
  const [mine, others] = await Promise.all([
    recordsOf(sources, left, policy),
    recordsOf(sources, right, policy),
  ]);
  const theirs = new Set(findingKeys(others).map(keyName));
  const crowded = new Set<string>();
  for (const key of findingKeys(mine))
    if (theirs.has(keyName(key)) && (await holdersOf(sources.lookups, key, policy.sharedByAtMost)) === null)
      crowded.add(keyName(key));
  return scorePair(mine, others, policy, crowded);
};

/**
 * Everybody who may be the same as a group and scores enough to be proposed: two parties nobody has registered only
 * where it is certain. The best one first.
 */
export const candidatesOf = async (
  sources: Sources,
  group: Group,
  policy: MatchPolicy,
): Promise<readonly Candidate[]> => {
  if (group.party.internal || group.party.standing === 'gone') return [];
  const found = new Set<string>();
  for (const key of findingKeys(await recordsOf(sources, group, policy)))
    for (const party of (await holdersOf(sources.lookups, key, policy.sharedByAtMost)) ?? [])
      found.add(party);
  const groups = new Map<string, Group>();
  for (const id of found) {
    if (group.members.includes(id)) continue;
    const other = await groupOf(sources, id);
    if (other.party.id !== group.party.id) groups.set(other.party.id, other);
  }
  const candidates: Candidate[] = [];
  for (const other of groups.values()) {
    if (other.party.internal || other.party.standing === 'gone') continue;
    const assessed = await assessPair(sources, group, other, policy);
    const least = survivorOf([group.party, other.party]) === null ? policy.autoApprove : policy.propose;
    if (assessed.score >= least) candidates.push({ group: other, assessed });
  }
  return candidates.toSorted(
    (a, b) => b.assessed.score - a.assessed.score || (a.group.party.id < b.group.party.id ? -1 : 1),
  );
};
