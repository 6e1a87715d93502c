import { dayNumber } from '@tenure/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day, usd } from '../test/stories.ts';
import { BUCKET_DAYS, noOrderDays, onDay, spanOf, type OrderDays } from './order-days.ts';
import { rhythmOf } from './rhythm.ts';
import { fulfilledSince, spendBetween } from './spend.ts';

const ordersOn = (...offsets: readonly number[]): OrderDays =>
  offsets.reduce((days, offset) => onDay(days, day(offset), { orders: 1 }), noOrderDays);

describe('the buckets of days', () => {
  it('count what happened on each, by date, whenever it came to be known', () => {
    let days = ordersOn(10, 3, 10);
    days = onDay(days, day(7), { fulfilled: 1, value: usd(500) });
    days = onDay(days, day(7), { value: usd(-100) });
    expect(days.days).toEqual([
      { on: day(3), orders: 1, fulfilled: 0, value: [] },
      { on: day(7), orders: 0, fulfilled: 1, value: [usd(400)] },
      { on: day(10), orders: 2, fulfilled: 0, value: [] },
    ]);
  });

  it('reach back 400 days from the newest, that day included', () => {
    expect(ordersOn(0, BUCKET_DAYS).days.map(({ on }) => on)).toEqual([day(0), day(BUCKET_DAYS)]);
    const { days, earlier } = ordersOn(0, 5, BUCKET_DAYS + 5);
    expect(days.map(({ on }) => on)).toEqual([day(5), day(BUCKET_DAYS + 5)]);
    expect(earlier).toMatchObject({ orderDays: 1, firstOn: day(0), lastOn: day(0), gaps: 0 });
  });

  it('change nothing that was there before', () => {
    const before = ordersOn(1, 5);
    const copy = structuredClone(before);
    onDay(before, day(5), { orders: 1 });
    onDay(before, day(3), { orders: 1 });
    onDay(before, day(900), { orders: 1 });
    expect(before).toEqual(copy);
  });

  it('forget days without standing orders when they leave', () => {
    const days = onDay(ordersOn(0, 10), day(0), { orders: -1 });
    expect(onDay(days, day(405), { orders: 1 }).earlier).toMatchObject({ orderDays: 0, firstOn: null });
    expect(onDay(days, day(500), { orders: 1 }).earlier).toMatchObject({ orderDays: 1, firstOn: day(10) });
  });
});

describe('a fact older than every bucket', () => {
  const old = ordersOn(100, 150, 700);

  it('counts exactly at either end of the earlier days', () => {
    expect(rhythmOf(onDay(old, day(90), { orders: 1 }))).toEqual(rhythmOf(ordersOn(90, 100, 150, 700)));
    expect(rhythmOf(onDay(old, day(200), { orders: 1 }))).toEqual(rhythmOf(ordersOn(100, 150, 200, 700)));
    expect(spanOf(onDay(old, day(90), { orders: 1 }))).toEqual({ firstOn: day(90), lastOn: day(700) });
  });

  it('leaves the rhythm alone in between, and on a day that is known', () => {
    for (const offset of [100, 120, 150]) expect(onDay(old, day(offset), { orders: 1 })).toEqual(old);
  });

  it('takes nothing back: what has left the buckets is settled', () => {
    expect(onDay(old, day(100), { orders: -1 })).toBe(old);
    expect(onDay(old, day(100), { fulfilled: 1, value: usd(1) })).toBe(old);
  });

  it('is the first order day where there was none', () => {
    const fulfilledOnly = onDay(noOrderDays, day(700), { fulfilled: 1 });
    expect(spanOf(onDay(fulfilledOnly, day(100), { orders: 1 }))).toEqual({
      firstOn: day(100),
      lastOn: day(100),
    });
  });
});

describe('the span of order days', () => {
  it('knows only days with a standing order', () => {
    expect(spanOf(noOrderDays)).toEqual({ firstOn: null, lastOn: null });
    const days = onDay(ordersOn(1, 5, 9), day(9), { orders: -1 });
    expect(spanOf(days)).toEqual({ firstOn: day(1), lastOn: day(5) });
  });
});

describe('the rhythm', () => {
  it('is the mean and the sample variance of the gaps between order days', () => {
    expect(rhythmOf(noOrderDays)).toEqual({ orderDays: 0, gaps: 0, mean: null, variance: null });
    expect(rhythmOf(ordersOn(1, 1))).toEqual({ orderDays: 1, gaps: 0, mean: null, variance: null });
    expect(rhythmOf(ordersOn(1, 4))).toEqual({ orderDays: 2, gaps: 1, mean: 3, variance: null });
    expect(rhythmOf(ordersOn(0, 10, 30, 33))).toEqual({
      orderDays: 4,
      gaps: 3,
      mean: 11,
      variance: 73,
    });
  });

  it('is rounded, so that no document depends on the last bits of a division', () => {
    expect(rhythmOf(ordersOn(0, 1, 2, 4))).toEqual({
      orderDays: 4,
      gaps: 3,
      mean: 1.333333,
      variance: 0.333333,
    });
  });
});

/** What happens, in the order of its days: an order, or the cancellation of one that is 300 days old at most. */
const happening = fc.record({
  gap: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 500 })),
  cancels: fc.option(fc.nat(5), { freq: 3 }),
});

describe('the rhythm of any history in the order of time', () => {
  it('is that of a recount, however much of it has left the buckets', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
        let days = noOrderDays;
        let now = 0;
        const standing: number[] = [];
        for (const { gap, cancels } of happenings) {
          const cancelled = cancels === null ? undefined : standing.at(-1 - cancels);
          if (cancelled !== undefined && now - cancelled <= 300) {
            standing.splice(standing.lastIndexOf(cancelled), 1);
            days = onDay(days, day(cancelled), { orders: -1 });
            continue;
          }
          now += gap;
          standing.push(now);
          days = onDay(days, day(now), { orders: 1 });
        }
        const orderDays = [...new Set(standing)].toSorted((a, b) => a - b);
        const gaps = orderDays.slice(1).map((on, i) => on - (orderDays[i] ?? 0));
        const mean = gaps.reduce((sum, gap) => sum + gap, 0) / Math.max(1, gaps.length);
        const squares = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0);
        const rhythm = rhythmOf(days);
        expect(rhythm).toMatchObject({ orderDays: orderDays.length, gaps: gaps.length });
        expect([rhythm.mean === null, rhythm.variance === null]).toEqual([gaps.length < 1, gaps.length < 2]);
        expect(rhythm.mean ?? 0).toBeCloseTo(mean, 5);
        expect(rhythm.variance ?? 0).toBeCloseTo(gaps.length < 2 ? 0 : squares / (gaps.length - 1), 5);
        expect(spanOf(days)).toEqual({
          firstOn: orderDays.length === 0 ? null : day(orderDays[0] ?? 0),
          lastOn: orderDays.length === 0 ? null : day(orderDays.at(-1) ?? 0),
        });
      }),
    );
  });
});

describe('the windows of any history', () => {
  it('are exact to 365 days, facts that come a month late included', () => {
    const fact = fc.record({
      gap: fc.integer({ min: 0, max: 120 }),
      late: fc.integer({ min: 0, max: 30 }),
      minor: fc.integer({ min: -500, max: 1_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(fact, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 365 }),
        (facts, window) => {
          let days = noOrderDays;
          let now = 100;
          const all: { readonly on: number; readonly minor: number }[] = [];
          for (const { gap, late, minor } of facts) {
            now += gap;
            all.push({ on: now - late, minor });
            days = onDay(days, day(now - late), { fulfilled: 1, value: usd(minor) });
          }
          const newest = Math.max(...all.map(({ on }) => on));
          const inside = all.filter(({ on }) => on > newest - window);
          expect(fulfilledSince(days.days, day(newest - window))).toBe(inside.length);
          expect(spendBetween(days.days, 'USD', day(newest - window), null)).toBe(
            inside.reduce((sum, { minor }) => sum + minor, 0),
          );
          // Bounded, sorted, every date once.
          const dates = days.days.map(({ on }) => dayNumber(on));
          expect(dates).toEqual([...new Set(dates)].toSorted((a, b) => a - b));
          expect((dates.at(-1) ?? 0) - (dates[0] ?? 0)).toBeLessThanOrEqual(BUCKET_DAYS);
        },
      ),
    );
  });
});
