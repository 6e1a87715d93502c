import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { daysThrough, daysToClose } from './business-days.ts';

const at = (text: string): number => Date.parse(text);

describe('daysToClose', () => {
  it('starts a new installation with yesterday', () => {
    expect(daysToClose(null, at('2026-11-21T09:00:00Z'), 'UTC')).toEqual([
      { date: '2026-11-20', closedAt: at('2026-11-21T00:00:00Z') },
    ]);
  });

  it('closes missed days one by one, in order', () => {
    const days = daysToClose('2026-11-17', at('2026-11-21T00:00:00Z'), 'UTC');
    expect(days.map(({ date }) => date)).toEqual(['2026-11-18', '2026-11-19', '2026-11-20']);
  });

  it('closes nothing twice, also when the clock jumps back', () => {
    expect(daysToClose('2026-11-20', at('2026-11-21T23:59:59Z'), 'UTC')).toEqual([]);
    expect(daysToClose('2026-11-20', at('2026-11-19T12:00:00Z'), 'UTC')).toEqual([]);
  });

  it('cuts the day where the zone does, also when clocks change', () => {
    const [day] = daysToClose('2026-03-28', at('2026-03-30T08:00:00Z'), 'Europe/Berlin');
    expect(day).toEqual({ date: '2026-03-29', closedAt: at('2026-03-29T22:00:00Z') });
    expect(daysToClose('2026-11-20', at('2026-11-21T16:00:00Z'), 'Asia/Shanghai')).toHaveLength(1);
    expect(daysToClose('2026-11-20', at('2026-11-21T15:59:59Z'), 'Asia/Shanghai')).toHaveLength(0);
  });

  it('gives the same days however often it is asked on the way', () => {
    const hours = fc.array(fc.integer({ min: 0, max: 24 * 20 }), { maxLength: 12 });
    fc.assert(
      fc.property(hours, (asked) => {
        let last = '2026-11-01';
        const closed: string[] = [];
        for (const hour of asked.toSorted((a, b) => a - b))
          for (const { date } of daysToClose(last, at('2026-11-02T00:00:00Z') + hour * 3_600_000, 'UTC'))
            closed.push((last = date));
        expect(closed).toEqual(daysThrough('2026-11-01', last, 'UTC').map(({ date }) => date));
      }),
    );
  });
});
