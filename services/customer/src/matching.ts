// How sure it is that two parties are one: points over keyed values. Pure; neither plain values nor a clock are needed.
import { diceSimilarity, NAME_BIGRAM } from '@tenure/events';
import type { MatchEvidence } from '@tenure/events/generated/customer';

/** The numbers of the rules (policy `match`). */
export type MatchRules = {
  readonly externalId: number;
  readonly email: KeyPoints;
  readonly phone: KeyPoints;
  readonly name: {
    /** From this similarity on a name speaks for a match, with at most `points`. */
    readonly alike: number;
    readonly points: number;
    /** Below this similarity it speaks against one. */
    readonly unlike: number;
    readonly penalty: number;
  };
  readonly company: number;
  /** The most that two parties with contradicting strong ids get. */
  readonly conflictCap: number;
  /** Systems whose ids no two persons share. */
  readonly strongSystems: readonly string[];
};
type KeyPoints = { readonly verified: number; readonly unverified: number };

/** What a record (a lead, a contact point, a registration, an external identity) is found by. */
export type MatchRecord = {
  readonly id: string;
  readonly keys: readonly { readonly kind: string; readonly hash: string }[];
  /** Somebody has shown that the address is his. */
  readonly verified: boolean;
  /** An id in another system that is beyond doubt. */
  readonly strong: { readonly system: string; readonly value: string } | null;
};

export type Score = {
  /** 0–100 */
  readonly score: number;
  readonly evidence: readonly MatchEvidence[];
  /** Both hold a verified strong id of one system, and they differ. */
  readonly conflict: boolean;
};

/**
 * Scores two parties by all their records. `crowded` are keys that too many parties share: they say nothing. The best
 * of external id, e-mail and phone counts; name and company only beside one of them.
 */
export const scorePair = (
  left: readonly MatchRecord[],
  right: readonly MatchRecord[],
  rules: MatchRules,
  crowded: ReadonlySet<string>,
): Score => {
  const shared = sharedKeys(left, right, rules, crowded);
  const conflict = strongIdsDiffer(left, right);
  const [best] = shared.map(({ score }) => score).toSorted((a, b) => b - a);
  if (best === undefined) return { score: 0, evidence: [], conflict };
  const softer = [...nameEvidence(left, right, rules), ...companyEvidence(left, right, rules)];
  const sum = softer.reduce((points, { exact }) => points + exact, best);
  const most = conflict ? rules.conflictCap : 100;
  const score = Math.max(0, Math.min(most, rounded(sum)));
  return {
    score,
    evidence: [...shared, ...softer.map(({ evidence }) => evidence)].slice(0, MAX_EVIDENCE),
    conflict,
  };
};

/** More evidence than a person reads. */
const MAX_EVIDENCE = 20;

/** To 9 decimals, then half up: binary noise decides nothing. */
const rounded = (points: number): number => Math.floor(Math.round(points * 1e9) / 1e9 + 0.5);

/** The name of a key in `crowded`. */
export const keyName = ({ kind, hash }: { readonly kind: string; readonly hash: string }): string =>
  `${kind}\n${hash}`;

const pointsOf = (kind: string, verified: boolean, rules: MatchRules): number | null => {
  switch (kind) {
    case 'EXTERNAL_ID':
      return rules.externalId;
    case 'EMAIL':
      return verified ? rules.email.verified : rules.email.unverified;
    case 'PHONE':
      return verified ? rules.phone.verified : rules.phone.unverified;
    default:
      return null;
  }
};

/** One piece of evidence per kind: the pair of records that says most. */
const sharedKeys = (
  left: readonly MatchRecord[],
  right: readonly MatchRecord[],
  rules: MatchRules,
  crowded: ReadonlySet<string>,
): readonly MatchEvidence[] => {
  const holders = new Map<string, MatchRecord[]>();
  for (const record of right)
    for (const key of record.keys) holders.set(keyName(key), [...(holders.get(keyName(key)) ?? []), record]);
  const best = new Map<string, MatchEvidence>();
  for (const mine of left)
    for (const key of mine.keys) {
      if (crowded.has(keyName(key))) continue;
      for (const other of holders.get(keyName(key)) ?? []) {
        const score = pointsOf(key.kind, mine.verified || other.verified, rules);
        if (score === null || score <= (best.get(key.kind)?.score ?? 0)) continue;
        best.set(key.kind, { kind: key.kind, score, leftKey: mine.id, rightKey: other.id });
      }
    }
  return [...best.values()].toSorted((a, b) => b.score - a.score || (a.kind < b.kind ? -1 : 1));
};

type Soft = { readonly exact: number; readonly evidence: MatchEvidence };

const hashesOf = ({ keys }: MatchRecord, kind: string): ReadonlySet<string> =>
  new Set(keys.flatMap((key) => (key.kind === kind ? [key.hash] : [])));

/** The names that are most alike count: a person may stand here under a former one as well. */
const nameEvidence = (
  left: readonly MatchRecord[],
  right: readonly MatchRecord[],
  rules: MatchRules,
): readonly Soft[] => {
  let best: { readonly similarity: number; readonly leftKey: string; readonly rightKey: string } | null =
    null;
  for (const mine of named(left))
    for (const other of named(right)) {
      const similarity = diceSimilarity(mine.bigrams, other.bigrams);
      if (best === null || similarity > best.similarity)
        best = { similarity, leftKey: mine.id, rightKey: other.id };
    }
  if (best === null) return [];
  const { similarity, ...keys } = best;
  const { alike, points, unlike, penalty } = rules.name;
  const exact = similarity >= alike ? points * similarity : similarity < unlike ? -penalty : 0;
  return exact === 0 ? [] : [{ exact, evidence: { kind: 'NAME', score: rounded(exact), ...keys } }];
};

const named = (records: readonly MatchRecord[]) =>
  records
    .map((record) => ({ id: record.id, bigrams: hashesOf(record, NAME_BIGRAM) }))
    .filter(({ bigrams }) => bigrams.size > 0);

const intersect = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
  [...a].some((one) => b.has(one));

const companyEvidence = (
  left: readonly MatchRecord[],
  right: readonly MatchRecord[],
  rules: MatchRules,
): readonly Soft[] => {
  for (const mine of left)
    for (const other of right)
      if (intersect(hashesOf(mine, 'COMPANY'), hashesOf(other, 'COMPANY'))) {
        const evidence = { kind: 'COMPANY', score: rules.company, leftKey: mine.id, rightKey: other.id };
        return [{ exact: rules.company, evidence }];
      }
  return [];
};

const strongIdsDiffer = (left: readonly MatchRecord[], right: readonly MatchRecord[]): boolean => {
  const idsOf = (records: readonly MatchRecord[], system: string): ReadonlySet<string> =>
    new Set(records.flatMap(({ strong }) => (strong?.system === system ? [strong.value] : [])));
  return left.some(({ strong }) => {
    if (strong === null) return false;
    const others = idsOf(right, strong.system);
    return others.size > 0 && !intersect(idsOf(left, strong.system), others);
  });
};
