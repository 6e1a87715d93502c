// Merged customers: what the events of survivors say, how a batch changes it, and how it is learnt anew from the log.
import type { AbsorptionRow, Vector } from '@tenure/read-models';
import { sameAbsorbed, withMerge, NOBODY, type Absorbed } from './absorptions.ts';
import type { Merge } from './definition.ts';
import type { FoldSources } from './fold-key.ts';
import { customerOf, standingOf, type FoldEngine } from './fresh.ts';
import type { Model } from './model.ts';
import type { Rules } from './rules.ts';

/** What one event says of others than the customer it is about. */
export type Said = { readonly key: string; readonly position: number; readonly merge: Merge };

/** Customers whose documents depend on what was said, and the rows to be stored with them. */
export type Merged = { readonly keys: ReadonlySet<string>; readonly rows: readonly AbsorptionRow[] };

/** Takes over what events have said. Until the rows are committed the model knows more than its store. */
export const takeOver = (model: Model, said: readonly Said[]): Merged => {
  const before = new Map<string, Absorbed>();
  const now = new Map<string, Absorbed>();
  for (const { key, position, merge } of said) {
    const absorbed = now.get(key) ?? model.absorptions.of(key);
    if (!before.has(key)) before.set(key, absorbed);
    now.set(key, withMerge(absorbed, merge, { key, position }));
  }
  return replaced(
    model,
    [...now].filter(([key, absorbed]) => !sameAbsorbed(absorbed, before.get(key) ?? NOBODY)),
  );
};

const replaced = (model: Model, changes: readonly (readonly [string, Absorbed])[]): Merged => {
  if (changes.length > 0) model.unsure = true;
  const keys = new Set<string>();
  for (const [survivor, absorbed] of changes)
    for (const key of model.absorptions.set(survivor, absorbed)) keys.add(key);
  return { keys, rows: changes.map(([survivor, absorbed]) => ({ survivor, absorbed })) };
};

/**
 * Compares what is known of a customer's merges, and of everybody he is merged with, with what the log says, and takes
 * over what differs. `hints`: others whom he may be merged with.
 */
export const relearn = async (
  model: Model,
  engine: FoldEngine,
  key: string,
  hints: readonly string[] = [],
): Promise<Merged> => {
  const keys = new Set<string>();
  const rows: AbsorptionRow[] = [];
  if (model.rules.definition.merges === undefined) return { keys, rows };
  const asked = new Set([key, ...hints]);
  for (const one of asked) {
    const root = model.absorptions.rootOf(one);
    for (const member of model.absorptions.groupOf(root)) asked.add(member);
    const absorbed = await saidInLog(model, engine, one);
    if (sameAbsorbed(absorbed, model.absorptions.of(one))) continue;
    const merged = replaced(model, [[one, absorbed]]);
    rows.push(...merged.rows);
    for (const affected of merged.keys) {
      asked.add(affected);
      keys.add(affected);
    }
  }
  return { keys, rows };
};

/** Whom a customer has absorbed by the events that the generation has folded. */
export const saidInLog = async (model: Model, engine: FoldEngine, key: string): Promise<Absorbed> => {
  const { partition } = customerOf(engine, key);
  return absorbedIn(engine, model.rules, key, standingOf(model).upTo(partition));
};

const absorbedIn = async (
  { log, codec }: FoldSources,
  rules: Rules,
  key: string,
  upTo: Vector,
): Promise<Absorbed> => {
  const source = rules.definition.merges?.source ?? '';
  const end = upTo[source] ?? 0;
  let absorbed = NOBODY;
  if (end === 0) return absorbed;
  for (const record of await log.readKey(source, key, end)) {
    const merge = mergeIn(rules, source, typeOf(codec, record), () => codec.decode(source, record));
    if (merge !== null) absorbed = withMerge(absorbed, merge, record);
  }
  return absorbed;
};

const typeOf = (codec: FoldSources['codec'], { body }: { readonly body: Uint8Array }): string => {
  try {
    return codec.peek(body).type;
  } catch {
    return ''; // it stops its own customer, and nobody else
  }
};

/** What an event says of others. One that cannot be read says nothing. */
export const mergeIn = (
  rules: Rules,
  source: string,
  type: string,
  event: () => Parameters<Rules['mergeOf']>[0],
): Merge | null => {
  try {
    return rules.isMerge(source, type) ? rules.mergeOf(event()) : null;
  } catch {
    return null;
  }
};
