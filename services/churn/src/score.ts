// From signals to one score: the chance that none of them is right, turned round, and lowered by what protects.
import { LEVELS, type ChurnRules, type Level } from './rules.ts';
import type { Severity } from './signals/signal.ts';

/** What of a signal counts: weight · strength of its severity · what time has left of it. */
export type Counted = { readonly share: number; readonly severity: Severity };

const CRITICAL: Severity = 4;

/** What time leaves of a weight: one half after each half-life. */
export const decay = (ageDays: number, halfLifeDays: number): number => 0.5 ** (ageDays / halfLifeDays);

// Nine decimals first, so that binary noise decides nothing.
const halfUp = (value: number): number => Math.floor(Math.round(value * 1e9) / 1e9 + 0.5);

/** 0–100, a whole number. Product of the signals → protective factors → floor of a critical one → rounding, half up. */
export const scoreOf = (
  counted: readonly Counted[],
  factors: readonly number[],
  criticalFloor: number,
): number => {
  const left = counted.reduce((product, { share }) => product * (1 - share), 1);
  const protectedScore = factors.reduce((score, factor) => score * factor, 100 * (1 - left));
  const isCritical = counted.some(({ severity }) => severity === CRITICAL);
  return halfUp(isCritical ? Math.max(protectedScore, criticalFloor) : protectedScore);
};

/** The level that a score belongs to. */
export const levelOf = (score: number, { levels }: Pick<ChurnRules, 'levels'>): Level =>
  LEVELS.findLast((level) => score >= levels[level].from) ?? 'LOW';

/**
 * The level to publish after `published`: up at once, down only where the score is 5 points (hysteresis) or more below
 * the lower edge of what is left.
 */
export const publishedLevel = (
  published: Level,
  score: number,
  rules: Pick<ChurnRules, 'levels' | 'hysteresis'>,
): Level => {
  const now = levelOf(score, rules);
  if (LEVELS.indexOf(now) >= LEVELS.indexOf(published)) return now;
  const kept = LEVELS.findLast(
    (level) => level !== 'LOW' && rules.levels[level].from - rules.hysteresis < score,
  );
  const down = kept ?? 'LOW';
  return LEVELS.indexOf(down) > LEVELS.indexOf(published) ? published : down;
};
