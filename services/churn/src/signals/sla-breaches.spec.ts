import { describe, expect, it } from 'vitest';
import { caseOf, seen, severity } from '../../test/story.ts';
import { slaBreaches } from './sla-breaches.ts';

const breach = (on: string) => caseOf('SlaBreached', on);
const two = [breach('2026-03-17T14:00:00Z'), breach('2026-03-25T13:30:00Z')] as const;

describe('SLA_BREACHES', () => {
  it('is medium from two in 60 days: one is no signal', () => {
    expect(severity(slaBreaches, '2026-03-17', two[0])).toBe(0);
    expect(severity(slaBreaches, '2026-03-24', ...two)).toBe(2); // the second one in the open day
    expect(severity(slaBreaches, '2026-05-15', ...two)).toBe(2);
    expect(severity(slaBreaches, '2026-05-16', ...two)).toBe(0); // the first one is 60 days old
  });

  it('is high from four', () => {
    expect(seen(slaBreaches, '2026-03-31', ...two, breach('2026-03-26'), breach('2026-03-27'))).toMatchObject(
      { severity: 3, observed: { breaches: 4 }, threshold: { count: 4 } },
    );
  });
});
