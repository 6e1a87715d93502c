import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  after,
  assessed,
  book,
  caseOf,
  complaint,
  day,
  deal,
  fulfilled,
  happened,
  idOf,
  placed,
  points,
  refunded,
  received,
  ZONE,
  type Happened,
} from '../test/story.ts';
import { assessmentOf, wakeAt } from './assessment.ts';
import { termOf } from './definition-of-churn.ts';
import { ownRhythm, rhythmBound } from './own-rhythm.ts';
import { shipped } from '../test/story.ts';

// Gaps 33 and 24; the newest order 61 days before 2026-05-12.
const orders = [placed('2026-01-14'), placed('2026-02-16'), placed('2026-03-12')];
const openCase = [
  caseOf('CaseOpened', '2026-03-17'),
  caseOf('SlaClockStarted', '2026-03-17', 'case', {
    kind: 'RESOLUTION',
    dueAt: Date.parse('2026-03-23T18:00:00Z'),
  }),
];
const breaches = [
  caseOf('SlaBreached', '2026-03-17T14:00:00Z'),
  caseOf('SlaBreached', '2026-03-25T13:30:00Z'),
];
const settled = [
  complaint('ComplaintRegistered', '2026-03-17'),
  complaint('RemedyDeclined', '2026-03-19'),
  complaint('RemedyAccepted', '2026-03-20'),
];
const tour = [...orders, ...openCase, ...breaches, ...settled];

describe('the worked scores', () => {
  it('an unusual gap and an unresolved case make 64', () => {
    const gap = [placed(day(0)), placed(day(10)), placed(day(20))];
    const { score, level, signals } = assessed(day(60), ...gap, caseOf('CaseOpened', day(20)));
    expect({ score, level }).toEqual({ score: 64, level: 'HIGH' });
    expect(signals.map(({ code, severity, contribution }) => [code, severity, contribution])).toEqual([
      ['CASE_UNRESOLVED', 3, 19],
      ['PURCHASE_GAP', 3, 29],
    ]);
  });

  it('an unusual gap of a promoter who has just redeemed makes 31', () => {
    const gap = [placed(day(0)), placed(day(10)), placed(day(20))];
    const promoter = happened('interaction', 'SurveyResponded', day(30), {
      instrument: 'NPS',
      answers: [{ questionId: 'q', score: 9 }],
    });
    const redeemed = [
      points('MemberEnrolled', day(0)),
      points('PointsRedeemed', day(59), { points: 1, redemptionId: idOf('r') }),
    ];
    expect(assessed(day(60), ...gap, promoter, ...redeemed)).toMatchObject({ score: 31, level: 'MEDIUM' });
  });

  it('a request to end a contract makes 95', () => {
    const requested = happened('order', 'ContractTerminationRequested', day(10), { contractId: idOf('c') });
    expect(assessed(day(10), requested)).toMatchObject({ score: 95, level: 'CRITICAL' });
  });
});

describe('the tour of one customer, day by day', () => {
  it.each([
    ['2026-03-25', 14, 'LOW', ['SLA_BREACHES']],
    ['2026-03-31', 29, 'MEDIUM', ['CASE_UNRESOLVED', 'SLA_BREACHES']],
    ['2026-04-17', 38, 'MEDIUM', ['CASE_UNRESOLVED', 'SLA_BREACHES']],
    ['2026-04-30', 52, 'MEDIUM', ['CASE_UNRESOLVED', 'PURCHASE_GAP', 'SLA_BREACHES']],
    ['2026-05-11', 51, 'MEDIUM', ['CASE_UNRESOLVED', 'PURCHASE_GAP', 'SLA_BREACHES']],
    ['2026-05-12', 61, 'HIGH', ['CASE_UNRESOLVED', 'PURCHASE_GAP', 'SLA_BREACHES']],
  ])('%s: %i %s', (on, score, level, codes) => {
    const assessment = assessed(on, ...tour);
    expect({ score: assessment.score, level: assessment.level }).toEqual({ score, level });
    expect(assessment.signals.map(({ code }) => code)).toEqual(codes);
    expect(assessment.protective).toMatchObject([{ code: 'REMEDY_ACCEPTED', factor: '0.9' }]);
  });

  it('2026-05-12: contributions 24, 16 and 3', () => {
    expect(
      assessed('2026-05-12', ...tour).signals.map(({ code, contribution, ageDays }) => [
        code,
        contribution,
        ageDays,
      ]),
    ).toEqual([
      ['CASE_UNRESOLVED', 16, 0],
      ['PURCHASE_GAP', 24, 0],
      ['SLA_BREACHES', 3, 48],
    ]);
  });

  it('the order of 2026-05-15 and the days after it: 36, 32, 0', () => {
    const ordered = [...tour, placed('2026-05-15')];
    expect(assessed('2026-05-14', ...ordered).score).toBe(36);
    expect(assessed('2026-05-16', ...ordered).score).toBe(32);
    expect(assessed('2026-05-19', ...ordered, caseOf('CaseResolved', '2026-05-20')).score).toBe(0);
  });

  it('a declined remedy makes 45, an accepted one 0', () => {
    const [registered, declined] = settled;
    expect(
      assessed('2026-03-18', ...(registered ? [registered] : []), ...(declined ? [declined] : [])).score,
    ).toBe(45);
    expect(assessed('2026-03-19', ...settled).score).toBe(0);
  });
});

describe('the own rhythm', () => {
  it('of gaps 33 and 24: shape 6.514, bounds 48.974 and 60.722 days', () => {
    const rhythm = ownRhythm(after(...orders).order.history, shipped.rhythm);
    expect(rhythm).toMatchObject({ orderDays: 3, mean: 28.5 });
    expect(rhythm?.shape).toBeCloseTo(6.514, 3);
    expect(rhythm && rhythmBound(rhythm, 1.6449)).toBeCloseTo(48.974, 3);
    expect(rhythm && rhythmBound(rhythm, 2.3263)).toBeCloseTo(60.722, 3);
  });

  it('of equal gaps is as regular as the rules allow: no division by a variance of 0', () => {
    const equal = [placed(day(0)), placed(day(10)), placed(day(20))];
    expect(ownRhythm(after(...equal).order.history, shipped.rhythm)?.shape).toBe((2 * 50 + 12) / 8);
  });
});

describe('the definition of churn', () => {
  it('is 180 days without an order, from one order day on', () => {
    expect(assessed(day(180), placed(day(0))).churned).toBeNull();
    expect(assessed(day(181), placed(day(0)))).toMatchObject({
      churned: { on: day(181), evidence: [idOf('placed order 2026-01-01')] },
    });
    expect(assessed(day(300), placed(day(0))).churned?.on).toBe(day(181)); // the day on which it first held
    expect(assessed(day(900)).churned).toBeNull();
  });

  it('gives whoever buys rarely the time that is his own', () => {
    const rare = [placed(day(0)), placed(day(150)), placed(day(350))];
    const term = termOf(after(...rare).order, shipped);
    expect(term).toBeGreaterThan(180);
    expect(assessed(day(350 + Math.floor(term)), ...rare).churned).toBeNull();
    expect(assessed(day(351 + Math.floor(term)), ...rare).churned).not.toBeNull();
  });

  it('does not count ourselves', () => {
    const internal = happened('customer', 'CustomerRegistered', day(0), {
      kind: 'INTERNAL',
      homeCurrency: 'CNY',
      ownerId: null,
    });
    expect(assessed(day(900), internal, placed(day(0))).churned).toBeNull();
  });
});

describe('evidence', () => {
  it('is the twenty newest events, newest first', () => {
    const many = Array.from({ length: 30 }, (_, i) => caseOf('SlaBreached', day(i), `case ${i}`));
    const [signal] = assessed(day(30), ...many).signals;
    expect(signal?.evidence).toHaveLength(20);
    expect(signal?.evidence[0]).toBe(idOf(`SlaBreached case 29 ${day(29)}`));
  });
});

/** Anything that happens to a customer on some day of three years. */
const anything = fc
  .record({ at: fc.integer({ min: 0, max: 900 }), what: fc.nat(17), n: fc.integer({ min: 1, max: 5 }) })
  .map(({ at, what, n }): Happened => {
    const on = day(at);
    const name = `thing ${n}`;
    const all: readonly Happened[] = [
      placed(on, `${name} ${at}`),
      placed(on, `${name} ${at}`),
      fulfilled(on, n * 1_000, {
        onTime: n > 2,
        categories: ['a', 'b', 'c'].slice(0, n),
        name: `${name} ${at}`,
      }),
      refunded(on, n * 500),
      received(on),
      caseOf('CaseOpened', on, name),
      caseOf('CaseResolved', on, name),
      caseOf('CaseReopened', on, name),
      caseOf('SlaBreached', on, name),
      complaint('ComplaintRegistered', on, {}, name),
      complaint('RemedyDeclined', on, {}, name),
      complaint('RemedyAccepted', on, {}, name),
      deal('OpportunityOpened', on, 'RENEWAL', name),
      deal('OpportunityLost', on, 'RENEWAL', name),
      points('MemberEnrolled', on),
      points('PointsAccrued', on, { points: n * 100 }),
      points('TierChanged', on, { direction: n > 2 ? 'DOWN' : 'UP' }),
      happened('customer', 'RelatedContactRetired', on, { role: 'BUYER' }),
    ];
    return all[what] ?? placed(on);
  });
const history = fc
  .array(anything, { maxLength: 25 })
  .map((all) => all.toSorted((a, b) => (a.on < b.on ? -1 : 1)));

describe('any history', () => {
  it('gives a score of 0 to 100, and contributions that are none of its signals’ more than it', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 1_000 }), (events, at) => {
        const { score, signals } = assessed(day(at), ...events);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        for (const { contribution, evidence } of signals) {
          expect(contribution).toBeGreaterThanOrEqual(0);
          expect(contribution).toBeLessThanOrEqual(score);
          expect(evidence.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('is assessed alike on every day before the instant it wakes', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 0, max: 950 }), (events, at) => {
        const slices = after(...events);
        const today = { date: day(at), zone: ZONE };
        const now = JSON.stringify(assessmentOf(slices, today, book));
        const wake = wakeAt(slices, today, book);
        const last = wake === null ? 1_400 : Math.round((wake - Date.UTC(2026, 0, 1)) / 86_400_000) - 2;
        expect(wake === null || last >= at).toBe(true);
        const sleeping = [at + 1, Math.floor((at + last) / 2), last].filter((on) => on > at && on <= last);
        for (const on of sleeping)
          expect(JSON.stringify(assessmentOf(slices, { date: day(on), zone: ZONE }, book))).toBe(now);
      }),
      { numRuns: 500 },
    );
  });
});
