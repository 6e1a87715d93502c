// Which cells of the table state × command specifications exercise: written down while they run, for the reference of
// transitions (TENURE_CELLS names the file).
import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';

/** A command that was accepted: in which state, which events followed, and the state after them. */
export type Cell = {
  readonly aggregate: string;
  readonly from: string;
  readonly command: string;
  readonly events: readonly string[];
  readonly to: string;
};

const file = process.env['TENURE_CELLS'];

/** Writes a cell down. What random sequences of commands come upon is no specification. */
export const noteCell = (cell: () => Cell): void => {
  if (file === undefined || expect.getState().testPath?.includes('.properties.')) return;
  appendFileSync(file, `${JSON.stringify(cell())}\n`);
};
