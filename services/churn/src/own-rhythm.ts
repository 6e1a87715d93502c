// A customer's own rhythm: how long he may stay away before it is unlike him. A gamma distribution of the gaps between
// order days, its shape drawn towards that of an ordinary buyer, its quantiles by Wilson and Hilferty (1931).
import { gapStatistics, type OrderDay, type OrderDaysOf } from '@tenure/core';

export type RhythmRules = {
  /** With fewer order days there is no rhythm. */
  readonly minOrderDays: number;
  /** The ordinary buyer: shape, and how many gaps that belief weighs. */
  readonly prior: { readonly shape: number; readonly weight: number };
  readonly shape: { readonly min: number; readonly max: number };
};

export type OwnRhythm = {
  readonly orderDays: number;
  /** Mean gap in days. */
  readonly mean: number;
  readonly shape: number;
};

/** Null for whoever has not ordered often enough. */
export const ownRhythm = (history: OrderDaysOf<OrderDay>, rules: RhythmRules): OwnRhythm | null => {
  const { orderDays, gaps, mean, variance } = gapStatistics(history);
  if (mean === null || variance === null || orderDays < rules.minOrderDays) return null;
  const { min, max } = rules.shape;
  const own = variance === 0 ? max : Math.min(max, Math.max(min, mean ** 2 / variance));
  const { shape, weight } = rules.prior;
  return { orderDays, mean, shape: (gaps * own + weight * shape) / (gaps + weight) };
};

/** Days that a gap does not exceed with the probability whose normal quantile is z. */
export const rhythmBound = ({ mean, shape }: OwnRhythm, z: number): number => {
  const ninth = 1 / (9 * shape);
  return mean * Math.max(0, 1 - ninth + z * Math.sqrt(ninth)) ** 3;
};
