import { describe, expect, it } from 'vitest';
import { caseOf, day, seen, severity } from '../../test/story.ts';
import { caseSurge } from './case-surge.ts';

const opened = (...offsets: readonly number[]) =>
  offsets.map((offset, i) => caseOf('CaseOpened', day(offset), `case ${offset} ${i}`));
const today = day(400); // the month: 371…400, the year before it: 6…370

describe('CASE_SURGE', () => {
  it('is medium from three cases and twice the monthly mean of the year before', () => {
    expect(severity(caseSurge, today, ...opened(380, 381))).toBe(0);
    expect(severity(caseSurge, today, ...opened(380, 381, 382))).toBe(2); // none before
    const eighteen = opened(...Array.from({ length: 18 }, (_, i) => 20 + i)); // 1.5 a month
    expect(severity(caseSurge, today, ...eighteen, ...opened(380, 381, 382))).toBe(2);
    expect(severity(caseSurge, today, ...eighteen, ...opened(19, 380, 381, 382))).toBe(0);
  });

  it('is high from six and four times the mean', () => {
    const month = opened(380, 381, 382, 383, 384, 385);
    expect(seen(caseSurge, today, ...month, ...opened(10, 11))).toMatchObject({
      severity: 3,
      observed: { cases: 6, casesBefore: 2 },
    });
    expect(
      severity(caseSurge, today, ...month, ...opened(...Array.from({ length: 19 }, (_, i) => 20 + i))),
    ).toBe(2);
  });
});
