// Builds in the thread of the live loops: for tests, and where there is one thread only.
import { TenureError } from '@tenure/core';
import type { Build } from './build-job.ts';
import { runBuild, type BuildEngine } from './run-build.ts';

export type InlineBuildOptions = Omit<BuildEngine, 'definition' | 'codeHash'> & {
  readonly definitions: readonly Pick<BuildEngine, 'definition' | 'codeHash'>[];
};

export const inlineBuild =
  (options: InlineBuildOptions): Build =>
  async (job, onProgress, stop) => {
    const found = options.definitions.find(({ definition }) => definition.name === job.projection);
    if (found === undefined)
      throw new TenureError('NOT_FOUND', `There is no projection ${job.projection}.`, {
        projection: job.projection,
      });
    return runBuild({ ...options, ...found, stop }, job, onProgress);
  };
