// Merges are whole or undone, approved matches are merged, and everybody who is absorbed leads to somebody.
import { groupBy, holds } from '../../invariants/facts.ts';
import { stateOf } from './commands.ts';
import type { Facts } from './facts.ts';

type Party = {
  readonly status: string;
  readonly survivorId: string | null;
  readonly absorbed: { readonly mergeId: string } | null;
  readonly merges: readonly { readonly mergeId: string; readonly absorbedIds: readonly string[] }[];
};

const partyOf = (facts: Facts, id: string): Party => stateOf(facts, `customer-${id}`) as unknown as Party;

export const checkMerges = (facts: Facts): void => {
  const undone = new Set(facts.of('CustomersUnmerged').map(({ data }) => data.mergeId));
  const erasing = new Set(facts.of('ErasureRequested').map(({ key }) => key));
  for (const { data } of facts.of('CustomersMerged')) {
    const { mergeId, absorbedIds } = data;
    for (const id of absorbedIds) {
      if (erasing.has(id)) continue; // an erasure comes first
      const isAbsorbed = partyOf(facts, id).absorbed?.mergeId === mergeId;
      holds(
        isAbsorbed !== undone.has(mergeId),
        'a merge is whole or undone',
        `${mergeId} of ${id}: absorbed ${isAbsorbed}, undone ${undone.has(mergeId)}`,
      );
    }
  }
  for (const [key, absorbed] of groupBy(facts.of('CustomerAbsorbed'), (event) => event.key)) {
    const restored = facts.of('CustomerRestored').filter((event) => event.key === key).length;
    holds(absorbed.length - restored <= 1, 'nobody is absorbed twice at once', key);
    holds(leadsSomewhere(facts, key), 'whoever is absorbed leads to somebody', key);
  }
};

const leadsSomewhere = (facts: Facts, start: string): boolean => {
  const seen = new Set<string>();
  for (let id: string | null = start; id !== null; id = partyOf(facts, id).survivorId) {
    if (seen.has(id)) return false;
    seen.add(id);
  }
  return true;
};

const UUID_LENGTH = 36;

export const checkMatches = (facts: Facts): void => {
  for (const { stream, data } of facts.of('MatchApproved')) {
    const pair = stream.slice('match-'.length);
    const parties = [pair.slice(0, UUID_LENGTH), pair.slice(UUID_LENGTH + 1)];
    const other = parties.find((id) => id !== data.survivorId) ?? '';
    const merged = facts
      .of('CustomersMerged')
      .some(({ key, data: merge }) => key === data.survivorId && merge.absorbedIds.includes(other));
    const gone = [...facts.of('CustomerAbsorbed'), ...facts.of('ErasureRequested')].some(({ key }) =>
      parties.includes(key),
    );
    holds(merged || gone, 'an approved match is merged', pair);
  }
  for (const [stream, own] of groupBy(facts.of('MatchApproved'), (event) => event.stream))
    holds(own.length === 1, 'a match is approved once', stream);
};
