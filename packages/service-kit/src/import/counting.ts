// A whole file as planned rows: which occurrence of its natural key a row is, and which customers it brings.
import { TenureError, UNIT_SEPARATOR } from '@tenure/core';
import type { Line } from './lines.ts';
import { isProblem, type RowPlanner } from './plan.ts';
import type { PlannedRow } from './planned.ts';
import type { RowProblem } from './rows.ts';

/** About 100 bytes each; a file with more is split by customer. */
const MAX_NATURAL_KEYS = 5_000_000;

/**
 * Plans line after line. A row whose amount cannot be read still counts as an occurrence: when it is mended, the others
 * keep their ids.
 * @throws IMPORT_TOO_LARGE
 */
export const countingPlanner = (planner: RowPlanner): ((line: Line) => PlannedRow | RowProblem | null) => {
  const occurrences = new Map<string, number>();
  const customers = new Set<string>();
  return (line) => {
    if ('problem' in line) return { row: line.number, column: null, reason: line.problem };
    const identity = planner.identify(line.number, line.text);
    if (identity === null || isProblem(identity)) return identity;
    const key = identity.naturalKey.join(UNIT_SEPARATOR);
    const occurrence = (occurrences.get(key) ?? 0) + 1;
    occurrences.set(key, occurrence);
    if (occurrences.size > MAX_NATURAL_KEYS)
      throw new TenureError(
        'IMPORT_TOO_LARGE',
        'The file has more than 5,000,000 natural keys. Split it by customer.',
      );
    const { externalId } = identity;
    const planned = planner.plan(identity, occurrence, externalId !== null && !customers.has(externalId));
    if (!isProblem(planned) && externalId !== null) customers.add(externalId);
    return planned;
  };
};
