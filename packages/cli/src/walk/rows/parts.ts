// What many rows say in the same way.
import { C, M } from '../ids.ts';
import type { Expectation } from '../step.ts';

/** The 360 of the customer. */
export const whole = (has: object): Expectation => ({ get: `/customers/${C}/360`, has });

export const lifecycle = (status: string, stage: string): object => ({ lifecycle: { status, stage } });

/** The points of the only account. */
export const points = (available: number, pending: number, more: object = {}): Expectation =>
  whole({ slices: { loyalty: { accounts: [{ accountId: M, available, pending, ...more }] } } });

/** The assessed risk, and the level that was published. */
export const risk = (score: number, level: string, published: string): Expectation => ({
  get: `/customers/${C}/churn`,
  has: { score, level, published: { level: published } },
});

/** Published risk events: what a step raises, clears, or changes. */
export const raised = (code: string, severity: number): { type: string; data: object } => ({
  type: 'ChurnSignalRaised',
  data: { code, severity },
});
export const cleared = (code: string): { type: string; data: object } => ({
  type: 'ChurnSignalCleared',
  data: { code },
});
export const moved = (
  fromLevel: string,
  toLevel: string,
  score?: number,
): { type: string; data: object } => ({
  type: 'ChurnRiskChanged',
  data: { fromLevel, toLevel, ...(score !== undefined && { score }) },
});
