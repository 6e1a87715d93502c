import { describe, expect, it } from 'vitest';
import { allMutants, quickMutants, runMutants } from '../../packages/testing/src/mutants/index.ts';

const TIMEOUT_MS = 900_000; // a second or two each, two at a time, on a machine that does nothing else
const AT_ONCE = 2;

describe('seeded bugs', () => {
  it(
    'are noticed by the specification or the simulation that guards against them',
    async () => {
      const names = quickMutants();
      // Their gates run without a bug in the same `npm test`; the other mutants belong to `npm run verify`.
      const results = await runMutants(names, { trusted: true, atOnce: AT_ONCE });
      const missed = results.filter(({ outcome }) => outcome !== 'killed');
      expect(missed.map(({ name, outcome, bug, output }) => `${name} ${outcome}: ${bug}\n${output}`)).toEqual(
        [],
      );
      expect(results).toHaveLength(names.length);
      expect(names.length).toBeGreaterThan(allMutants().length / 2);
    },
    TIMEOUT_MS,
  );
});
