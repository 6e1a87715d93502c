import { describe, expect, it } from 'vitest';
import { caseOf, day, seen, severity } from '../../test/story.ts';
import { caseReopened } from './case-reopened.ts';

const reopened = (offset: number) => caseOf('CaseReopened', day(offset));

describe('CASE_REOPENED', () => {
  it('is medium from two in 90 days, and never high', () => {
    expect(severity(caseReopened, day(50), reopened(10))).toBe(0);
    expect(severity(caseReopened, day(50), reopened(10), reopened(20))).toBe(2);
    expect(severity(caseReopened, day(100), reopened(10), reopened(20))).toBe(0);
    const many = [1, 2, 3, 4, 5, 6].map(reopened);
    expect(seen(caseReopened, day(50), ...many)).toMatchObject({ severity: 2, observed: { reopened: 6 } });
  });
});
