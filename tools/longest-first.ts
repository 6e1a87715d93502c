// The long test files begin first, so that no core is left alone with one of them at the end. A fresh clone knows no
// durations; these folders are long by what they do: seeded bugs, simulated schedules, pages of the documentation, servers.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const LONG = [/\/test\/mutants\//, /\/test\/simulation\//, /\/test\/docs\//, /\/test\/e2e\//];

const rank = ({ moduleId }: TestSpecification): number => {
  const at = LONG.findIndex((folder) => folder.test(moduleId));
  return at < 0 ? LONG.length : at;
};

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- the order of the sequencer before, not that of an array
    const before = await super.sort(files);
    return before.toSorted((a, b) => rank(a) - rank(b));
  }
}
