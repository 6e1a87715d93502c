import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { bigrams } from '@tenure/events';
import { describe, expect, it } from 'vitest';
import { keyName, scorePair, type MatchRecord } from './matching.ts';
import { MatchPolicy } from './policy.ts';

const rules = MatchPolicy.parse(
  JSON.parse(readFileSync(new URL('../policies/match.v1.json', import.meta.url), 'utf8')),
);

/** A record by plain words: this specification needs no hashes. */
const record = (
  id: string,
  keys: Readonly<Record<string, string>>,
  more: Partial<MatchRecord> = {},
): MatchRecord => ({
  id,
  keys: Object.entries(keys).flatMap(([kind, value]) =>
    kind === 'NAME'
      ? [...bigrams(value)].map((hash) => ({ kind: 'NAME_BIGRAM', hash }))
      : [{ kind, hash: value }],
  ),
  verified: false,
  strong: null,
  ...more,
});
const verified = { verified: true };
const score = (
  left: readonly MatchRecord[],
  right: readonly MatchRecord[],
  crowded: readonly string[] = [],
) => scorePair(left, right, rules, new Set(crowded));

describe('the points of a key', () => {
  it.each([
    ['EXTERNAL_ID', 100, 100],
    ['EMAIL', 75, 95],
    ['PHONE', 65, 90],
  ])('%s gives %i, verified on one side at least %i', (kind, plain, sure) => {
    const [mine, other] = [record('l', { [kind]: 'x' }), record('r', { [kind]: 'x' })];
    expect(score([mine], [other]).score).toBe(plain);
    expect(score([{ ...mine, ...verified }], [other]).score).toBe(sure);
    expect(score([mine], [{ ...other, ...verified }]).score).toBe(sure);
    expect(score([mine], [record('r', { [kind]: 'y' })]).score).toBe(0);
  });

  it('do not add up: the best one counts', () => {
    const both = { EMAIL: 'a', PHONE: 'b' };
    const found = score([record('l', both)], [record('r', both)]);
    expect(found.score).toBe(75);
    expect(found.evidence).toEqual([
      { kind: 'EMAIL', score: 75, leftKey: 'l', rightKey: 'r' },
      { kind: 'PHONE', score: 65, leftKey: 'l', rightKey: 'r' },
    ]);
  });

  it('are those of the best pair of records', () => {
    const left = [record('l1', { EMAIL: 'a' }), record('l2', { EMAIL: 'b' }, verified)];
    const right = [record('r1', { EMAIL: 'a' }), record('r2', { EMAIL: 'b' })];
    expect(score(left, right).evidence).toEqual([
      { kind: 'EMAIL', score: 95, leftKey: 'l2', rightKey: 'r2' },
    ]);
  });

  it('are none for a key that too many share', () => {
    const [mine, other] = [record('l', { PHONE: 'x' }), record('r', { PHONE: 'x' })];
    expect(score([mine], [other], [keyName({ kind: 'PHONE', hash: 'x' })])).toMatchObject({
      score: 0,
      evidence: [],
    });
  });
});

describe('a name', () => {
  const phone = { PHONE: 'x' };
  const named = (a: string, b: string) =>
    score([record('l', { ...phone, NAME: a })], [record('r', { ...phone, NAME: b })]);

  it('gives 20 when it is the same: 65 + 20 = 85', () => {
    expect(named('lin xiaomei', 'lin xiaomei')).toEqual({
      score: 85,
      conflict: false,
      evidence: [
        { kind: 'PHONE', score: 65, leftKey: 'l', rightKey: 'r' },
        { kind: 'NAME', score: 20, leftKey: 'l', rightKey: 'r' },
      ],
    });
  });

  it('gives its share of 20 from .80 on', () => {
    // 12 and 11 pairs, 10 of them shared: 20 ÷ 23 = .8696, 17.39 points.
    const [a, b] = ['lin xiaomei', 'lin xiaome'];
    expect(bigrams(a).size).toBe(12);
    expect(bigrams(b).size).toBe(11);
    expect(named(a, b)).toMatchObject({ score: 82, evidence: [{ score: 65 }, { kind: 'NAME', score: 17 }] });
  });

  it('says nothing between .40 and .80, and takes 25 below', () => {
    expect(named('ab', 'abc').score).toBe(65);
    expect(named('lin xiaomei', 'peter schmidt')).toMatchObject({
      score: 40,
      evidence: [{}, { score: -25 }],
    });
  });

  it('never counts alone', () => {
    expect(score([record('l', { NAME: 'lin' })], [record('r', { NAME: 'lin' })])).toMatchObject({
      score: 0,
      evidence: [],
    });
  });

  it('is the one that is most alike, where a party has several', () => {
    const left = [record('l1', { ...phone, NAME: 'ann miller' }), record('l2', { NAME: 'ann smith' })];
    expect(score(left, [record('r', { ...phone, NAME: 'ann smith' })])).toMatchObject({
      score: 85,
      evidence: [{ kind: 'PHONE' }, { kind: 'NAME', leftKey: 'l2' }],
    });
  });

  it('is missing where one side has none', () => {
    expect(score([record('l', phone)], [record('r', { ...phone, NAME: 'lin' })]).score).toBe(65);
  });
});

describe('a company', () => {
  it('gives 5 when it is the same, never alone', () => {
    const [mine, other] = [
      record('l', { PHONE: 'x', COMPANY: 'acme' }),
      record('r', { PHONE: 'x', COMPANY: 'acme' }),
    ];
    expect(score([mine], [other]).score).toBe(70);
    expect(score([mine], [record('r', { PHONE: 'x', COMPANY: 'other' })]).score).toBe(65);
    expect(score([record('l', { COMPANY: 'acme' })], [record('r', { COMPANY: 'acme' })]).score).toBe(0);
  });
});

describe('verified strong ids of one system', () => {
  const taxed = (value: string, keys: Readonly<Record<string, string>> = {}, system = 'tax-id') =>
    record(value, keys, { strong: { system, value } });
  const same = [record('l', { EXTERNAL_ID: 'erp 1' })];

  it('cap the score at 90 when they differ', () => {
    expect(score([...same, taxed('1')], [...same, taxed('2')])).toMatchObject({ score: 90, conflict: true });
    expect(score([taxed('1', { EMAIL: 'a' })], [taxed('2', { EMAIL: 'a' })])).toMatchObject({
      score: 75,
      conflict: true,
    });
  });

  it('do not when they agree, lie in different systems, or stand on one side alone', () => {
    expect(score([...same, taxed('1')], [...same, taxed('1')])).toMatchObject({
      score: 100,
      conflict: false,
    });
    expect(score([...same, taxed('1')], [...same, taxed('2', {}, 'login')])).toMatchObject({
      conflict: false,
    });
    expect(score([...same, taxed('1')], same)).toMatchObject({ score: 100, conflict: false });
  });
});

describe('any two parties', () => {
  const kinds = fc.constantFrom('EMAIL', 'PHONE', 'EXTERNAL_ID', 'COMPANY', 'NAME');
  const records = fc.array(
    fc
      .record({
        id: fc.constantFrom('a', 'b', 'c'),
        keys: fc.dictionary(kinds, fc.constantFrom('x', 'y', 'xyz')),
        verified: fc.boolean(),
        strong: fc.option(
          fc.record({ system: fc.constantFrom('login', 'tax-id'), value: fc.constantFrom('1', '2') }),
        ),
      })
      .map(({ id, keys, ...more }) => record(id, keys, more)),
    { maxLength: 4 },
  );

  it('score the same from both sides, between 0 and 100, and at most 90 in conflict', () => {
    fc.assert(
      fc.property(records, records, (left, right) => {
        const there = score(left, right);
        const back = score(right, left);
        expect(back.score).toBe(there.score);
        expect(back.conflict).toBe(there.conflict);
        expect(back.evidence.map(({ kind, score: points }) => [kind, points])).toEqual(
          there.evidence.map(({ kind, score: points }) => [kind, points]),
        );
        expect(there.score).toBeGreaterThanOrEqual(0);
        expect(there.score).toBeLessThanOrEqual(there.conflict ? 90 : 100);
        expect(Number.isInteger(there.score)).toBe(true);
      }),
    );
  });
});
