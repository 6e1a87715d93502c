// The rhythm of a customer's orders as the document shows it.
import { gapStatistics, type GapStatistics } from '@tenure/core';
import type { OrderDays } from './order-days.ts';

/** `mean` and `variance` (sample, n − 1) of the gaps in days; null with fewer than one (two) gaps. */
export type Rhythm = GapStatistics;

/** Rounded to 6 decimals, so that no document depends on the last bits of a division. */
const rounded = (value: number | null): number | null =>
  value === null ? null : Math.round(value * 1e6) / 1e6;

export const rhythmOf = (days: OrderDays): Rhythm => {
  const { gaps, mean, orderDays, variance } = gapStatistics(days);
  return { gaps, mean: rounded(mean), orderDays, variance: rounded(variance) };
};
