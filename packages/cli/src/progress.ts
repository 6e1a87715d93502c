// One line on stderr that shows how far something is: only where somebody watches.
import { number, span } from './format.ts';
import type { World } from './world.ts';

/** `total`: null when nobody knows. `rate` per second. */
export type Step = {
  readonly label: string;
  readonly done: number;
  readonly total: number | null;
  readonly rate: number;
  readonly unit: string;
  /** s; null: unknown. */
  readonly eta: number | null;
};

export type Progress = {
  /** Draws at most ten times a second. */
  readonly show: (step: Step) => void;
  /** Takes the line away. */
  readonly clear: () => void;
};

const DRAW_MS = 100;
const BAR = 24;

export const openProgress = (world: World): Progress => {
  const { attended, columns } = world.terminal;
  if (!attended) return { show: () => undefined, clear: () => undefined };
  let drawn = -Infinity;
  return {
    show: (step) => {
      if (world.now() - drawn < DRAW_MS) return;
      drawn = world.now();
      world.err(`\r\x1b[K${progressLine(step).slice(0, columns - 1)}`);
    },
    clear: () => {
      if (drawn > -Infinity) world.err('\r\x1b[K');
      drawn = -Infinity;
    },
  };
};

export const progressLine = ({ label, done, total, rate, unit, eta }: Step): string => {
  const share = total === null || total <= 0 ? null : Math.min(1, done / total);
  const filled = Math.round((share ?? 0) * BAR);
  return [
    label,
    ...(share === null
      ? []
      : [`${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${Math.floor(share * 100)} %`]),
    `${number(Math.round(rate))} ${unit}/s`,
    ...(eta === null || !Number.isFinite(eta) ? [] : [`${span(Math.max(0, eta))} left`]),
  ].join('  ');
};
