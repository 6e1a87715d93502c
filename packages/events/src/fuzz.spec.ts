import { describe, expect, it } from 'vitest';
import { fuzzCodec } from './fuzz.ts';

const RUNS = Number(process.env['FUZZ_COUNT'] ?? 10_000);

describe('damaged events', () => {
  it(
    'are UNDECODABLE or still whole, never anything else',
    () => {
      const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 32);
      const result = fuzzCodec({ seed, runs: RUNS });
      console.info(`codec fuzz: FUZZ_SEED=${seed}`, JSON.stringify(result));
      expect(result.violations, `FUZZ_SEED=${seed}`).toEqual([]);
      expect(result.undecodable).toBeGreaterThan(RUNS / 2);
      expect(result.undecodable + result.equal + result.whole).toBe(RUNS);
    },
    30_000 + RUNS,
  );
});
