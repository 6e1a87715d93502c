// What a benchmark measures, and how figures become one: medians of several rounds, never a mean.

/** `atLeast` or `atMost`, in the unit of the figure. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number };

export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: Goal;
  /** What the machine or a peer reached in the same run, in the same unit. */
  readonly limit?: { readonly name: string; readonly value: number };
};

/** What a benchmark answers. `about`: what it was measured with (payload, sizes, durability). */
export type Measured = {
  readonly bench: string;
  readonly disk: string;
  readonly about: Readonly<Record<string, string | number>>;
  readonly figures: readonly Figure[];
};

/** What a benchmark is started with. `flushMs` 0: the disk as it is. */
export type Setting = {
  readonly flushMs: number;
  readonly events: number;
  readonly file: string | undefined;
  readonly rounds: number;
};

export type Bench = (setting: Setting) => Promise<Omit<Measured, 'bench' | 'disk'>>;

/** The value below which the given part (0–1) of the values lies. */
export const percentile = (values: readonly number[], part: number): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
};

export const median = (values: readonly number[]): number => percentile(values, 0.5);

/** Runs rounds one after the other; the first one warms up and does not count. */
export const roundsOf = async <T>(rounds: number, run: () => Promise<T>): Promise<readonly T[]> => {
  await run();
  const results: T[] = [];
  for (let i = 0; i < rounds; i++) results.push(await run());
  return results;
};

export const isMet = ({ value, goal }: Figure): boolean | null => {
  if (goal === undefined) return null;
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
};
