import { describe, expect, it } from 'vitest';
import { cancelled, day, idOf, placed, seen, severity } from '../../test/story.ts';
import { purchaseGap } from './purchase-gap.ts';

// Gaps 33 and 24: bounds 48.974 and 60.722 days.
const three = [placed('2026-01-14'), placed('2026-02-16'), placed('2026-03-12')] as const;

describe('PURCHASE_GAP', () => {
  it('rises on the day after the bounds of the own rhythm, not before', () => {
    expect(severity(purchaseGap, '2026-04-29', ...three)).toBe(0);
    expect(severity(purchaseGap, '2026-04-30', ...three)).toBe(2);
    expect(severity(purchaseGap, '2026-05-11', ...three)).toBe(2);
    expect(severity(purchaseGap, '2026-05-12', ...three)).toBe(3);
  });

  it('names the last order day and the bound that was passed', () => {
    expect(seen(purchaseGap, '2026-04-30', ...three)).toMatchObject({
      observed: { lastOrderOn: '2026-03-12', orderDays: 3, meanGapDays: 28.5 },
      threshold: { days: 48.974 },
      events: [idOf('placed order 2026-03-12')],
    });
    expect(seen(purchaseGap, '2026-05-12', ...three)?.threshold).toEqual({ days: 60.722 });
  });

  it('is silent with fewer than three order days: orders of one day are one occasion', () => {
    expect(severity(purchaseGap, day(900), placed(day(0)), placed(day(0), 'second'), placed(day(9)))).toBe(0);
  });

  it('takes a cancelled order back', () => {
    expect(severity(purchaseGap, day(900), ...three, cancelled('2026-03-13', 'order 2026-03-12'))).toBe(0);
  });

  it('is over with the next order, also one of the open day', () => {
    expect(severity(purchaseGap, '2026-05-14', ...three, placed('2026-05-15'))).toBe(0);
  });
});
