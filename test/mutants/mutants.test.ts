import { describe, expect, it } from 'vitest';
import { allMutants, runMutant } from '../../packages/testing/src/mutants/index.ts';

const TIMEOUT_MS = 400_000; // a clean run and one with the bug, each of which may hang for three minutes

describe('a seeded bug', () => {
  it.each(allMutants())(
    '%s is noticed by its gate',
    async (name) => {
      const { outcome, bug, output } = await runMutant(name);
      expect(outcome, `${bug}\n${output}`).toBe('killed');
    },
    TIMEOUT_MS,
  );
});
