// Rebuilds of the 360 in processes of their own.
import { runJson } from './server.ts';

export type Built = {
  readonly events: number;
  readonly documents: number;
  readonly parked: number;
  readonly seconds: number;
  readonly bodyBytes: number;
  readonly peakMb: number;
};

/** Builds generation 1 of the 360 into an empty folder. */
export const build = async (logFolder: string, modelFolder: string): Promise<Built> => {
  const built = (await runJson('test/bench/build-child.ts', [logFolder, modelFolder])) as Built;
  if (built.parked > 0) throw new Error(`${built.parked} customers cannot be folded: the events are wrong`);
  return built;
};
