// Rebuilds of the 360 in processes of their own.
import { join } from 'node:path';
import { startNode } from '../e2e/server.ts';

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
  const ran = await startNode(join(import.meta.dirname, 'build-child.ts'), [logFolder, modelFolder]).closed;
  if (ran.code !== 0) throw new Error(`the build ended with ${ran.code}: ${ran.stderr}`);
  const built = JSON.parse(ran.stdout.trim()) as Built;
  if (built.parked > 0) throw new Error(`${built.parked} customers cannot be folded: the events are wrong`);
  return built;
};
