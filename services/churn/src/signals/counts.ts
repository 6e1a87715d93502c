// Signals that count: so many are medium, so many are high.
import { z } from 'zod';
import type { Evidence } from './signal.ts';

export const countBounds = { medium: z.int().min(1), high: z.int().min(1).nullable() };

type Bounds = { readonly medium: number; readonly high: number | null };

/** Severity and the threshold that was met; null below all of them. */
export const severityOf = (
  count: number,
  { medium, high }: Bounds,
): Pick<Evidence, 'severity' | 'threshold'> | null => {
  if (high !== null && count >= high) return { severity: 3, threshold: { count: high } };
  return count >= medium ? { severity: 2, threshold: { count: medium } } : null;
};
