import { describe, expect, it } from 'vitest';
import { bought, day, folded, placed, recorded, rules, usd, type Told } from '../test/stories.ts';
import { lifecycleOf } from './lifecycle.ts';
import { orderSlice } from './order-slice.ts';

const TODAY = 800;
const spent = (daysAgo: number, minor = 1_000): readonly Told[] =>
  bought(`order ${daysAgo}`, day(TODAY - daysAgo), usd(minor));
const at = (told: readonly (readonly Told[])[], kind: string | null = 'PERSON') =>
  lifecycleOf(kind, folded(orderSlice('UTC'), recorded('order', told.flat())), 'USD', day(TODAY), rules);
const stage = (...told: readonly (readonly Told[])[]) => at(told).stage;

describe('the status', () => {
  it('is ACTUAL with a fulfilled order, POTENTIAL without', () => {
    expect(at([spent(10)]).status).toBe('ACTUAL');
    expect(at([[placed('a', day(TODAY))]]).status).toBe('POTENTIAL');
    expect(at([]).status).toBe('POTENTIAL');
    expect(at([], null).status).toBe('POTENTIAL');
  });

  it('is INTERNAL for ourselves, whatever was ordered', () => {
    expect(at([spent(10)], 'INTERNAL').status).toBe('INTERNAL');
  });
});

describe('EXPLORATION', () => {
  it('is every customer without a fulfilled order', () => {
    expect(stage()).toBe('EXPLORATION');
    expect(stage([placed('a', day(TODAY - 300))])).toBe('EXPLORATION');
  });

  it('is one order less than 90 days ago', () => {
    expect(stage(spent(0))).toBe('EXPLORATION');
    expect(stage(spent(89))).toBe('EXPLORATION');
    expect(stage(spent(90))).toBe('BUILD_UP');
    expect(stage(spent(10), spent(20))).toBe('BUILD_UP');
  });
});

describe('DECLINE', () => {
  it('is no spend in 180 days', () => {
    expect(stage(spent(215))).toBe('DECLINE');
    expect(stage(spent(215), spent(1, 1))).toBe('BUILD_UP');
    expect(stage(spent(100, 0), spent(10, 0))).toBe('DECLINE');
  });

  // Windows of today: (t−90, t] and (t−180, t−90]; of 30 days ago: (t−120, t−30] and (t−210, t−120].
  const before = [spent(300), spent(150, 1_000)]; // in the older window of both

  it('is 80 % of the window before or less, today and 30 days ago', () => {
    expect(stage(...before, spent(40, 800))).toBe('DECLINE');
    expect(stage(...before, spent(40, 801))).toBe('STABILITY');
  });

  it('is no decline while only one of the two days shows it', () => {
    // Today 800 of 1000, but 30 days ago there was 801 in the newer window.
    expect(stage(...before, spent(40, 800), spent(100, 1))).toBe('STABILITY');
    // 30 days ago nothing of 1000, but today 900.
    expect(stage(...before, spent(10, 900))).toBe('STABILITY');
  });

  it('needs spend in the older window of each day', () => {
    // 30 days ago the older window was empty: nothing to fall from.
    expect(stage(spent(300), spent(110, 1_000), spent(40, 100))).toBe('STABILITY');
  });

  it('comes before everything that is said of a first order', () => {
    expect(stage(spent(30, 0))).toBe('DECLINE');
  });
});

describe('STABILITY', () => {
  it('is 180 days or more without a rise above 120 %', () => {
    expect(stage(spent(180), spent(100), spent(10, 1_200))).toBe('STABILITY');
    expect(stage(spent(180), spent(100), spent(10, 1_201))).toBe('BUILD_UP');
    expect(stage(spent(179), spent(100), spent(10, 900))).toBe('BUILD_UP');
  });

  it('counts what the open day has brought', () => {
    expect(stage(spent(180), spent(100), spent(10, 1_200), spent(-1, 1))).toBe('BUILD_UP');
  });
});
