// Stories in which customers are merged and parted, and what must come of them, told in the plainest way.
import * as fc from 'fast-check';
import { cancelled, merged, placed, registered, renamed, unmerged, type Told } from './world.ts';

export const KEYS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;

const key = fc.constantFrom(...KEYS);
const name = fc.constantFrom('Ann', 'Bo', 'Cem', 'Dora');
const day = fc.integer({ min: 1, max: 9 }).map((n) => `2026-01-0${n}`);

const ordinary: fc.Arbitrary<Told> = fc.oneof(
  fc.tuple(key, fc.nat(99), day).map(([k, x, on]) => placed(k, x, on)),
  fc.tuple(key, fc.nat(99)).map(([k, x]) => cancelled(k, x)),
  fc.tuple(key, name).map(([k, n]) => registered(k, n)),
  fc.tuple(key, name).map(([k, n]) => renamed(k, n)),
);
/** Also what no company would do: customers merged twice, into each other, into themselves, parted when they are not merged. */
const merging: fc.Arbitrary<Told> = fc.oneof(
  fc.tuple(key, fc.uniqueArray(key, { minLength: 1, maxLength: 3 })).map(([k, ids]) => merged(k, ...ids)),
  fc.tuple(key, fc.uniqueArray(key, { minLength: 1, maxLength: 3 })).map(([k, ids]) => unmerged(k, ...ids)),
);

export const mergeStory = fc.array(
  fc.oneof({ weight: 3, arbitrary: ordinary }, { weight: 2, arbitrary: merging }),
  { minLength: 1, maxLength: 40 },
);

type Claim = { readonly survivor: string; readonly absorbed: string };

/** Who claims whom at the end, in the order in which it was said first. */
export const claimsOf = (events: readonly Told[]): readonly Claim[] => {
  let claims: Claim[] = [];
  for (const { type, key: survivor, data } of events) {
    const { absorbedIds = [], restoredIds = [] } = data as {
      absorbedIds?: readonly string[];
      restoredIds?: readonly string[];
    };
    if (type === 'CustomersMerged')
      for (const absorbed of [...absorbedIds].toSorted())
        if (
          absorbed !== survivor &&
          !claims.some((one) => one.survivor === survivor && one.absorbed === absorbed)
        )
          claims.push({ survivor, absorbed });
    if (type === 'CustomersUnmerged')
      claims = claims.filter((one) => one.survivor !== survivor || !restoredIds.includes(one.absorbed));
  }
  return claims;
};

/** The last survivor of everybody at the end of a story. */
export const survivorsOf = (events: readonly Told[]): ReadonlyMap<string, string> => {
  const last = new Map<string, string>(KEYS.map((one) => [one, one]));
  const taken = new Set<string>();
  for (const { survivor, absorbed } of claimsOf(events)) {
    if (taken.has(absorbed) || last.get(survivor) === absorbed) continue;
    taken.add(absorbed);
    for (const [one, root] of last) if (root === absorbed) last.set(one, last.get(survivor) ?? survivor);
  }
  return last;
};

/** What parts everybody again. */
export const partings = (events: readonly Told[]): readonly Told[] =>
  claimsOf(events).map(({ survivor, absorbed }) => unmerged(survivor, absorbed));
