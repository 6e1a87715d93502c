// A case that stays open too long, by what was promised for it and by patience.
import { MS_PER_DAY } from '@tenure/core';
import { z } from 'zod';
import { signal } from './signal.ts';

const parameters = z.strictObject({
  /** Times the resolution target, in calendar time. */
  targets: z.number().positive(),
  mediumDays: z.int().min(1),
  highDays: z.int().min(1),
  /** So many cases older than mediumDays are high. */
  highCases: z.int().min(1),
});

export const caseUnresolved = signal({
  code: 'CASE_UNRESOLVED',
  kind: 'state',
  zh: '个案未决',
  en: 'A case stays open',
  parameters,
  evaluate({ service }, at, { targets, mediumDays, highDays, highCases }) {
    const open = service.cases.filter(({ resolved }) => !resolved);
    const old = open.filter(({ on }) => at.over(on, mediumDays));
    const overdue = open.filter(
      ({ on, openedAt, dueAt }) => dueAt !== null && at.over(on, (targets * (dueAt - openedAt)) / MS_PER_DAY),
    );
    const veryOld = open.filter(({ on }) => at.over(on, highDays));
    const late = open.filter((one) => old.includes(one) || overdue.includes(one));
    const oldest = late.map(({ on }) => on).toSorted()[0];
    if (oldest === undefined) return null;
    const isHigh = veryOld.length > 0 || old.length >= highCases;
    return {
      severity: isHigh ? 3 : 2,
      observed: { cases: late.length, oldestOpenedOn: oldest },
      threshold: { targets, days: isHigh ? highDays : mediumDays, cases: highCases },
      events: late,
    };
  },
});
