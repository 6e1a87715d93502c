import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nobody, scoring } from '../test/leads.ts';
import { scoreLead, type LeadFacts } from './scoring.ts';

/** The one factor that counts for somebody of whom only this is known. */
const factor = (name: string, facts: Partial<LeadFacts>): readonly [string, number] | null => {
  const found = scoreLead({ ...nobody, ...facts }, scoring).factors.find((one) => one.name === name);
  return found === undefined ? null : [found.value, found.points];
};

const ALL: LeadFacts = {
  source: 'REFERRAL',
  hasEmail: true,
  hasPhone: true,
  jobTitle: 'CEO',
  hasCompany: true,
  employees: 1_000,
  interests: 3,
  isReferred: true,
  outcome: 'REACHED',
  ageDays: 0,
};

describe('the score of a lead', () => {
  it('is nothing for somebody of whom nothing is known', () => {
    expect(scoreLead(nobody, scoring)).toEqual({
      score: 0,
      grade: 'D',
      modelVersion: 'lead-scoring@1',
      factors: [],
    });
  });

  it('lists every factor that gave or took points, by its class', () => {
    const { score, factors } = scoreLead(
      { ...ALL, source: 'WEB_FORM', employees: null, isReferred: false },
      scoring,
    );
    expect(factors).toEqual([
      { name: 'source', value: 'WEB_FORM', points: 15 },
      { name: 'email', value: 'USABLE', points: 5 },
      { name: 'phone', value: 'USABLE', points: 10 },
      { name: 'role', value: 'DECISION', points: 20 },
      { name: 'company', value: 'NAMED', points: 5 },
      { name: 'interests', value: '3', points: 10 },
      { name: 'engagement', value: 'REACHED', points: 10 },
      { name: 'freshness', value: '<=7', points: 5 },
    ]);
    expect(score).toBe(80);
  });

  it('stays between 0 and 100', () => {
    expect(scoreLead(ALL, scoring)).toMatchObject({ score: 100, grade: 'A' });
    const refused = { ...nobody, outcome: 'REFUSED', ageDays: 91 };
    expect(scoreLead(refused, scoring)).toMatchObject({
      score: 0,
      factors: [
        { name: 'engagement', value: 'REFUSED', points: -15 },
        { name: 'freshness', value: '>90', points: -10 },
      ],
    });
  });

  it('is the sum of its factors, clipped, for anybody', () => {
    const anybody: fc.Arbitrary<LeadFacts> = fc.record({
      source: fc.constantFrom(...Object.keys(scoring.source), 'UNKNOWN'),
      hasEmail: fc.boolean(),
      hasPhone: fc.boolean(),
      jobTitle: fc.option(fc.string()),
      hasCompany: fc.boolean(),
      employees: fc.option(fc.nat()),
      interests: fc.nat({ max: 20 }),
      isReferred: fc.boolean(),
      outcome: fc.option(fc.constantFrom(...Object.keys(scoring.engagement), 'UNKNOWN')),
      ageDays: fc.nat({ max: 1_000 }),
    });
    fc.assert(
      fc.property(anybody, (facts) => {
        const { score, factors, grade } = scoreLead(facts, scoring);
        const sum = factors.reduce((total, { points }) => total + points, 0);
        expect(score).toBe(Math.min(100, Math.max(0, sum)));
        expect(factors.every(({ points }) => points !== 0)).toBe(true);
        expect(grade).toBe(score >= 70 ? 'A' : score >= 50 ? 'B' : score >= 30 ? 'C' : 'D');
      }),
    );
  });
});

describe('the source', () => {
  it.each([
    ['REFERRAL', 25],
    ['PARTNER', 20],
    ['WEB_FORM', 15],
    ['CALL', 15],
    ['EVENT', 15],
    ['EMAIL', 10],
    ['CAMPAIGN', 10],
    ['SOCIAL', 5],
    ['MANUAL', 5],
  ])('%s gives %i', (source, points) => {
    expect(factor('source', { source })).toEqual([source, points]);
  });

  it('gives nothing for an import, and for one that is newer than the model', () => {
    expect(factor('source', { source: 'IMPORT' })).toBeNull();
    expect(factor('source', { source: 'UNKNOWN' })).toBeNull();
  });
});

describe('the role', () => {
  const role = (jobTitle: string | null) => factor('role', { jobTitle });

  it('decides', () => {
    for (const word of scoring.roles[0]?.words ?? []) expect(role(word)).toEqual(['DECISION', 20]);
    for (const word of scoring.roles[0]?.han ?? []) expect(role(word)).toEqual(['DECISION', 20]);
    expect(role('Co-Founder & Managing Partner')).toEqual(['DECISION', 20]);
    expect(role('华东区销售总监')).toEqual(['DECISION', 20]);
  });

  it('has influence', () => {
    for (const word of scoring.roles[1]?.words ?? []) expect(role(word)).toEqual(['INFLUENCE', 10]);
    for (const word of scoring.roles[1]?.han ?? []) expect(role(word)).toEqual(['INFLUENCE', 10]);
    expect(role('Purchasing Manager')).toEqual(['INFLUENCE', 10]);
    expect(role('采购部主管')).toEqual(['INFLUENCE', 10]);
  });

  it('counts by the first list of which a word is found', () => {
    expect(role('Head of Procurement')).toEqual(['DECISION', 20]);
    // 总经理 decides, though 经理 alone has influence.
    expect(role('总经理')).toEqual(['DECISION', 20]);
    expect(role('总经理助理')).toEqual(['DECISION', 20]);
  });

  it('is found as a whole word only, in any width and case', () => {
    expect(role('Partnership Coordinator')).toEqual(['OTHER', 3]);
    expect(role('Headmaster')).toEqual(['OTHER', 3]);
    expect(role('ＣＥＯ')).toEqual(['DECISION', 20]);
    expect(role('VP, Sales')).toEqual(['DECISION', 20]);
  });

  it('is another one, or none', () => {
    expect(role('Student')).toEqual(['OTHER', 3]);
    expect(role('  ')).toBeNull();
    expect(role(null)).toBeNull();
  });
});

describe('the other factors', () => {
  it('are points for what can be used', () => {
    expect(factor('email', { hasEmail: true })).toEqual(['USABLE', 5]);
    expect(factor('phone', { hasPhone: true })).toEqual(['USABLE', 10]);
    expect(factor('company', { hasCompany: true })).toEqual(['NAMED', 5]);
    expect(factor('referrer', { isReferred: true })).toEqual(['CUSTOMER', 5]);
  });

  it.each([
    [9, null],
    [10, ['>=10', 3]],
    [49, ['>=10', 3]],
    [50, ['>=50', 6]],
    [249, ['>=50', 6]],
    [250, ['>=250', 10]],
  ])('%i employees', (employees, expected) => {
    expect(factor('size', { employees })).toEqual(expected);
  });

  it('count interests up to ten points', () => {
    expect([0, 1, 2, 3].map((interests) => factor('interests', { interests }))).toEqual([
      null,
      ['1', 5],
      ['2', 10],
      ['3', 10],
    ]);
  });

  it.each([
    ['REACHED', ['REACHED', 10]],
    ['CALLBACK', ['CALLBACK', 5]],
    ['NO_ANSWER', null],
    ['REFUSED', ['REFUSED', -15]],
    [null, null],
  ])('the newest attempt: %s', (outcome, expected) => {
    expect(factor('engagement', { outcome })).toEqual(expected);
  });

  it.each([
    [0, ['<=7', 5]],
    [7, ['<=7', 5]],
    [8, null],
    [30, null],
    [31, ['<=90', -5]],
    [90, ['<=90', -5]],
    [91, ['>90', -10]],
  ])('%i days after the capture', (ageDays, expected) => {
    expect(factor('freshness', { ageDays })).toEqual(expected);
  });
});

describe('the grade', () => {
  const graded = (score: number) =>
    scoreLead({ ...nobody, source: 'MANUAL' }, { ...scoring, source: { ...scoring.source, MANUAL: score } })
      .grade;

  it('changes at 70, 50 and 30', () => {
    expect([100, 70, 69, 50, 49, 30, 29, 0].map(graded)).toEqual(['A', 'A', 'B', 'B', 'C', 'C', 'D', 'D']);
  });
});
