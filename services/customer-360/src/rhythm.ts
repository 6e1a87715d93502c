// The rhythm of a customer's orders: first and last order day, and the gaps between order days in days.
import { daysBetween } from '@tenure/core';
import type { OrderDays } from './order-days.ts';

/** `mean` and `variance` (sample, n − 1) of the gaps in days; null with fewer than one (two) gaps. */
export type Rhythm = {
  readonly orderDays: number;
  readonly firstOn: string | null;
  readonly lastOn: string | null;
  readonly gaps: number;
  readonly mean: number | null;
  readonly variance: number | null;
};

/** Rounded to 6 decimals, so that no document depends on the last bits of a division. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** Gap statistics over all order days ever, from the sums of the earlier ones and the buckets of the newest. */
export const rhythmOf = ({ days, earlier }: OrderDays): Rhythm => {
  let { orderDays, firstOn, lastOn, gaps, gapSum, gapSquares } = earlier;
  for (const day of days) {
    if (day.orders <= 0) continue;
    if (lastOn !== null) {
      const gap = daysBetween(lastOn, day.on);
      gaps += 1;
      gapSum += gap;
      gapSquares += gap * gap;
    }
    orderDays += 1;
    firstOn ??= day.on;
    lastOn = day.on;
  }
  const mean = gaps > 0 ? gapSum / gaps : null;
  const variance =
    mean !== null && gaps > 1 ? Math.max(0, (gapSquares - gaps * mean * mean) / (gaps - 1)) : null;
  return {
    orderDays,
    firstOn,
    lastOn,
    gaps,
    mean: mean === null ? null : rounded(mean),
    variance: variance === null ? null : rounded(variance),
  };
};
