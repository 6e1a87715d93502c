import { addDays, dayNumber, startOfDate } from '@tenure/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bought,
  nothing,
  day,
  folded,
  orderStory,
  recorded,
  rules,
  shipped,
  usd,
  type Told,
} from '../test/stories.ts';
import { unknownCustomer } from './customer-slice.ts';
import { orderSlice } from './order-slice.ts';
import { summarise, wakeAt, type CustomerSlices, type SummaryRules } from './summary.ts';

const ZONE = 'Europe/Berlin'; // clocks change within the stories
const slicesOf = (told: readonly Told[], homeCurrency: string | null = 'USD'): CustomerSlices => ({
  ...nothing,
  customer: { ...unknownCustomer, homeCurrency },
  order: folded(orderSlice(ZONE), recorded('order', told)),
});
const on = (date: string) => ({ date, zone: ZONE });

describe('the summary', () => {
  it('says where the relationship stands, how it scores, its rhythm, its value, and by which rules', () => {
    const told = [...bought('a', day(0), usd(3_000)), ...bought('b', day(120), usd(500))];
    expect(summarise(slicesOf(told), on(day(150)), shipped)).toEqual({
      churn: { level: 'LOW', score: 0, signals: [], since: null },
      dataQuality: null,
      lifecycle: { pattern: null, status: 'ACTUAL', stage: 'DECLINE' },
      nextActions: [expect.objectContaining({ code: 'CONTACT_VERIFY' })],
      rfm: { r: 5, f: 2, m: 2 },
      rhythm: { orderDays: 2, gaps: 1, mean: 120, variance: null },
      value: { net: [usd(3_500)], recent: usd(500), previous: usd(3_000) },
      rules: { dataQuality: 1, nextActions: 1, version: 1 },
    });
  });

  it('is in the home currency of the customer, else in that of the deployment', () => {
    const told = bought('a', day(0), usd(700));
    const recent = (homeCurrency: string | null) =>
      summarise(slicesOf(told, homeCurrency), on(day(1)), shipped).value.recent;
    expect(recent('EUR')).toEqual({ minor: 0, currency: 'EUR' });
    expect(recent(null)).toEqual(usd(700));
  });
});

describe('wakeAt', () => {
  it('is never for a customer without orders', () => {
    expect(wakeAt(slicesOf([]), on(day(0)), shipped)).toBeNull();
  });

  it('is the end of the day whose closing changes something', () => {
    const wake = wakeAt(slicesOf(bought('a', day(0))), on(day(0)), shipped);
    // 30 days after the order the older window of decline begins to see it.
    expect(wake).toBe(startOfDate(day(31), ZONE));
  });

  it('is the day on which other rules come into force', () => {
    const planned: SummaryRules = { ...shipped, nextRules: (date) => (date < day(5) ? day(5) : null) };
    expect(wakeAt(slicesOf([]), on(day(0)), planned)).toBe(startOfDate(day(6), ZONE));
    expect(wakeAt(slicesOf([]), on(day(5)), planned)).toBeNull();
  });

  it('ends when every order is older than every window', () => {
    const slices = slicesOf(bought('a', day(0)));
    expect(wakeAt(slices, on(day(365)), shipped)).toBe(startOfDate(day(367), ZONE));
    expect(wakeAt(slices, on(day(366)), shipped)).toBeNull();
  });
});

/** Rules with narrower windows and other edges, as a deployment may lay over the shipped ones. */
const others = {
  ...rules,
  version: 2,
  validFrom: day(700),
  rfm: { ...rules.rfm, windowDays: 180, recency: [7, 14, 60, 200] as [number, number, number, number] },
  stage: {
    ...rules.stage,
    windowDays: 45,
    declineAgainDaysBefore: 15,
    explorationDays: 60,
    stabilityDays: 120,
  },
};
const changing: SummaryRules = {
  rules: (date) => (date < others.validFrom ? rules : others),
  nextRules: (date) => (date < others.validFrom ? others.validFrom : null),
  homeCurrency: 'USD',
};
const LAST = 1_900; // long after every story

describe('for any history and day', () => {
  const anyDay = fc.integer({ min: 0, max: 1_500 });
  const someRules = fc.constantFrom(shipped, changing);

  it('nothing of the summary changes before wakeAt', () => {
    fc.assert(
      fc.property(
        orderStory(30),
        anyDay,
        someRules,
        fc.constantFrom('USD', 'EUR', null),
        (told, today, by, home) => {
          const slices = slicesOf(told, home);
          const start = on(day(today));
          const summary = summarise(slices, start, by);
          const wake = wakeAt(slices, start, by);
          for (let offset = today + 1; offset <= LAST; offset++) {
            if (wake !== null && startOfDate(day(offset + 1), ZONE) >= wake) break;
            expect(summarise(slices, on(day(offset)), by)).toEqual(summary);
          }
          // Never in the past, and always an end of a day.
          expect(wake ?? Number.POSITIVE_INFINITY).toBeGreaterThan(startOfDate(day(today + 1), ZONE));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('waking when told gives what looking every day gives', () => {
    fc.assert(
      fc.property(orderStory(30), someRules, (told, by) => {
        const slices = slicesOf(told);
        let summary = summarise(slices, on(day(0)), by);
        let wake = wakeAt(slices, on(day(0)), by);
        for (let offset = 1; offset <= LAST; offset += 1) {
          const today = on(day(offset));
          if (wake !== null && startOfDate(addDays(today.date, 1), ZONE) >= wake) {
            summary = summarise(slices, today, by);
            wake = wakeAt(slices, today, by);
          }
          expect(summarise(slices, today, by)).toEqual(summary);
        }
        expect(wake).toBeNull();
      }),
      { numRuns: 8 },
    );
  });

  it('the summary remembers nothing and holds numbers only', () => {
    fc.assert(
      fc.property(orderStory(30), anyDay, (told, today) => {
        const slices = slicesOf(told);
        const fresh = JSON.parse(JSON.stringify(slices)) as CustomerSlices;
        const summary = summarise(slices, on(day(today)), shipped);
        expect(summarise(fresh, on(day(today)), shipped)).toEqual(summary);
        expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
        expect(dayNumber(day(today))).toBe(dayNumber(day(0)) + today);
      }),
    );
  });
});
