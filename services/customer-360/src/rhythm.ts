// The rhythm of a customer's orders: how many order days, and the gaps between them in days.
import { dayNumber } from '@tenure/core';
import type { OrderDays } from './order-days.ts';

/** `mean` and `variance` (sample, n − 1) of the gaps in days; null with fewer than one (two) gaps. */
export type Rhythm = {
  readonly orderDays: number;
  readonly gaps: number;
  readonly mean: number | null;
  readonly variance: number | null;
};

/** Rounded to 6 decimals, so that no document depends on the last bits of a division. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** Gap statistics over all order days ever, from the sums of the earlier ones and the buckets of the newest. */
export const rhythmOf = ({ days, earlier }: OrderDays): Rhythm => {
  let { orderDays, gaps, gapSum, gapSquares } = earlier;
  let last = earlier.lastOn === null ? null : dayNumber(earlier.lastOn);
  for (const { on, orders } of days) {
    if (orders <= 0) continue;
    const day = dayNumber(on);
    if (last !== null) {
      gaps += 1;
      gapSum += day - last;
      gapSquares += (day - last) ** 2;
    }
    orderDays += 1;
    last = day;
  }
  // Whole numbers up to the one division: n·Σg² − (Σg)² = n·Σ(g − mean)².
  return {
    gaps,
    mean: gaps > 0 ? rounded(gapSum / gaps) : null,
    orderDays,
    variance: gaps > 1 ? rounded((gaps * gapSquares - gapSum ** 2) / (gaps * (gaps - 1))) : null,
  };
};
