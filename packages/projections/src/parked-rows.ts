// The parked and the skipped customers of a projection, as operators and builds see them.
import type { ParkedRow } from '@tenure/read-models';
import { nameOf, type Runner } from './generations/runner.ts';

/** Rows of parked and skipped customers of the served generation, also of a stale one. */
export const parkedRows = async (
  runner: Runner,
): Promise<readonly (ParkedRow & { readonly projection: string; readonly generation: number })[]> => {
  const { serving, engine, rules } = runner;
  if (serving === null) return [];
  const { generation, following } = serving;
  const about = { projection: nameOf(runner), generation };
  if (following !== null) return [...following.model.parked.values()].map((row) => ({ ...about, ...row }));
  const reader = await engine.readModels.openReader(rules.shape, generation);
  try {
    return (await reader.parked()).map((row) => ({ ...about, ...row }));
  } finally {
    await reader.close();
  }
};
