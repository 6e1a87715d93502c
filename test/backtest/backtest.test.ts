// The back-test on histories that are made up: every figure can be counted by hand.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ChurnRules } from '../../services/churn/src/rules.ts';
import { bgNbdOf, silence, type BgNbd } from './bg-nbd.ts';
import { candidatesOf, type Candidate } from './candidates.ts';
import { areaUnderCurve, figuresOf } from './figures.ts';
import { purchaseDays } from './purchases.ts';

const read = (path: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, path), 'utf8'));
const rules = ChurnRules.parse(read('../../services/churn/policies/rules.v1.json'));
const model: BgNbd = bgNbdOf(read('published-parameters.json'));

const rows = [
  'customer_id  date number_of_cds  dollar_value',
  // Every ten days, the last one 61 days before the date; came back.
  ...['19970101', '19970111', '19970121', '19970131'].map((date) => ` 00001 ${date}  1   10.00`),
  ' 00001 19970131  2   20.00', // the same day: one occasion
  ' 00001 19970601  1   10.00',
  // Bought the day before, and never again.
  ...['19970101', '19970215', '19970401'].map((date) => ` 00002 ${date}  1   10.00`),
  // Two order days: nobody judges him.
  ...['19970101', '19970201'].map((date) => ` 00003 ${date}  1    0.00`),
  // The third one comes later than the date.
  ...['19970101', '19970201', '19970501'].map((date) => ` 00004 ${date}  1   10.00`),
].join('\n');
const question = { at: '1997-04-02', horizon: 181, rules, model };

describe('the file of purchases', () => {
  it('gives the days of each customer, each once', () => {
    const days = purchaseDays(rows);
    expect([...days].map(([id, on]) => [id, on.length])).toEqual([
      ['00001', 5],
      ['00002', 3],
      ['00003', 2],
      ['00004', 3],
    ]);
  });

  it('reads the sample with its second id, and refuses what is no purchase', () => {
    expect([...purchaseDays(' 00004 0001 19970101  2   29.33').keys()]).toEqual(['00004']);
    expect(() => purchaseDays(`${rows}\n 00005 19971301  1   1.00`)).toThrow('line 16 is no purchase');
  });
});

describe('who is judged', () => {
  it('has three order days by the date, and nothing later is known of him', () => {
    const candidates = candidatesOf(purchaseDays(rows), question);
    expect(candidates).toHaveLength(2);
    expect(candidates[0]).toMatchObject({ daysSince: 61, medianGap: 10, severity: 3, lost: false });
    expect(candidates[1]).toMatchObject({ daysSince: 1, medianGap: 45, severity: 0, lost: true });
  });

  it('is lost when nothing comes within the horizon, its last day included', () => {
    const lostWithin = (horizon: number): boolean | undefined =>
      candidatesOf(purchaseDays(rows), { ...question, horizon })[0]?.lost;
    expect(lostWithin(59)).toBe(true);
    expect(lostWithin(60)).toBe(false);
  });
});

describe('the lifetime model', () => {
  it('of a customer who never came back has a closed form: ((α + T) ÷ (α + T + t))^r', () => {
    const expected = ((model.alpha + 20) / (model.alpha + 46)) ** model.r;
    expect(silence(model, { repeats: 0, last: 0, age: 20 }, 26)).toBeCloseTo(expected, 12);
  });

  it('is a chance that falls with time, and stays one for extreme customers', () => {
    const often = { repeats: 26, last: 30.857, age: 31 };
    const course = [1, 4, 26, 520].map((weeks) => silence(model, often, weeks));
    expect(course.toSorted((a, b) => b - a)).toEqual(course);
    expect(silence(model, often, 0)).toBe(1);
    expect(silence(model, { repeats: 1_000, last: 10, age: 100 }, 26)).toBeCloseTo(1, 6);
  });

  it('refuses a file that is none', () => {
    expect(() => bgNbdOf({ ...model, alpha: 0 })).toThrow('alpha');
    expect(() => bgNbdOf({ ...model, unit: 'days' })).toThrow('weeks');
  });
});

describe('the figures', () => {
  const one = (lost: boolean, daysSince: number, more: Partial<Candidate> = {}): Candidate => ({
    ...{ lost, daysSince, medianGap: 40, severity: 0, bound: 100, p0: 0 },
    ...more,
  });

  it('are counted, not estimated', () => {
    const {
      customers,
      base,
      rules: all,
    } = figuresOf([
      one(true, 200, { severity: 3, p0: 0.9 }),
      one(true, 100, { severity: 2, p0: 0.7 }),
      one(false, 95, { p0: 0.7 }),
      one(false, 5),
    ]);
    expect({ customers, base }).toEqual({ customers: 4, base: 0.5 });
    const figures = new Map(all.map((rule) => [rule.rule, rule]));
    expect(figures.get('own-rhythm-p95')).toMatchObject({ flagged: 2, precision: 1, recall: 1, lift: 2 });
    expect(figures.get('own-rhythm-p99')).toMatchObject({ flagged: 1, precision: 1, recall: 0.5, lift: 2 });
    expect(figures.get('recency-90')).toMatchObject({ flagged: 3, precision: 2 / 3, recall: 1 });
    expect(figures.get('model-60')).toMatchObject({ flagged: 3 });
    expect(figures.get('model-80')).toMatchObject({ flagged: 1 });
    expect(figures.get('median-2x')).toMatchObject({ flagged: 3 });
    expect(figures.get('median-3x')).toMatchObject({ flagged: 1 });
  });

  it('say nothing where there is nothing to divide by', () => {
    expect(figuresOf([one(false, 1)]).rules[0]).toMatchObject({
      flagged: 0,
      precision: null,
      recall: null,
      lift: null,
    });
  });

  it('the area under the curve counts a tie as one half', () => {
    const ranked = (positive: boolean, value: number) => ({ positive, value });
    expect(areaUnderCurve([ranked(true, 2), ranked(false, 1)])).toBe(1);
    expect(areaUnderCurve([ranked(true, 1), ranked(false, 1)])).toBe(0.5);
    expect(areaUnderCurve([ranked(true, 1), ranked(false, 2), ranked(true, 2), ranked(false, 3)])).toBe(
      0.125,
    );
    expect(areaUnderCurve([ranked(true, 1)])).toBeNull();
  });
});
