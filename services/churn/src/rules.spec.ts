import { describe, expect, it } from 'vitest';
import { after, day, placed, shipped, ZONE } from '../test/story.ts';
import { assessmentOf } from './assessment.ts';
import { protectiveFactors } from './protective/index.ts';
import { ChurnRules } from './rules.ts';
import { signals } from './signals/index.ts';

const codes = (all: readonly { readonly code: string }[]): readonly string[] =>
  all.map(({ code }) => code).toSorted();

describe('the rules that ship', () => {
  it('name every sign and everything that protects', () => {
    expect(Object.keys(shipped.signals).toSorted()).toEqual(codes(signals));
    expect(Object.keys(shipped.protective).toSorted()).toEqual(codes(protectiveFactors));
  });
});

describe('a version from before a sign', () => {
  const { PURCHASE_GAP: _, ...others } = shipped.signals;
  const older = { ...shipped, signals: others };
  const gap = after(placed(day(0)), placed(day(10)), placed(day(20)));
  const by = (rules: ChurnRules) =>
    assessmentOf(
      gap,
      { date: day(60), zone: ZONE },
      { homeCurrency: 'CNY', nextRules: () => null, rules: () => rules, version: () => rules },
    );

  it('is a version still, and does not count it', () => {
    expect(ChurnRules.parse(older)).toEqual(older);
    expect(by(shipped)).toMatchObject({ score: 45, signals: [{ code: 'PURCHASE_GAP' }] });
    expect(by(older)).toMatchObject({ score: 0, signals: [] });
  });

  it('does not know a sign that nobody has written', () => {
    const unknown = { ...shipped, signals: { ...others, FULL_MOON: { weight: '0.1', halfLifeDays: 1 } } };
    expect(() => ChurnRules.parse(unknown)).toThrow(/FULL_MOON/);
  });
});
