// Merged customers: what the events of survivors say, how a batch changes it, and how it is learnt anew from the log.
import type { AbsorptionRow, Vector } from '@tenure/read-models';
import { sameWord, withMerge, SILENT, type Word } from './absorptions.ts';
import type { FoldSources } from './fold-key.ts';
import { customerOf, standingOf, type FoldEngine } from './fresh.ts';
import type { Model } from './model.ts';
import type { MergeWord, Rules } from './rules.ts';

/** What one event says of merges. */
export type Said = { readonly key: string; readonly position: number; readonly merge: MergeWord };

/** Customers whose documents depend on what was said, and the rows to be stored with them. */
export type Merged = { readonly keys: ReadonlySet<string>; readonly rows: readonly AbsorptionRow[] };

/** Takes over what events have said. Until the rows are committed the model knows more than its store. */
export const takeOver = (model: Model, said: readonly Said[]): Merged => {
  const words = new Map<string, Word>();
  for (const { key, position, merge } of said)
    words.set(key, withMerge(words.get(key) ?? model.absorptions.of(key), merge, { position }));
  return replaced(
    model,
    [...words].filter(([key, word]) => !sameWord(word, model.absorptions.of(key))),
  );
};

const replaced = (model: Model, changes: readonly (readonly [string, Word])[]): Merged => {
  if (changes.length > 0) model.unsure = true;
  const keys = new Set<string>();
  for (const [key, word] of changes)
    for (const affected of model.absorptions.set(key, word)) keys.add(affected);
  return { keys, rows: changes.map(([key, word]) => ({ key, ...word })) };
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
    const word = await wordInLog(model, engine, one);
    if (sameWord(word, model.absorptions.of(one))) continue;
    const merged = replaced(model, [[one, word]]);
    rows.push(...merged.rows);
    for (const affected of merged.keys) {
      asked.add(affected);
      keys.add(affected);
    }
  }
  return { keys, rows };
};

/** What a customer says of merges, by the events that the generation has folded. */
export const wordInLog = async (model: Model, engine: FoldEngine, key: string): Promise<Word> => {
  const { partition } = customerOf(engine, key);
  return wordUpTo(engine, model.rules, key, standingOf(model).upTo(partition));
};

const wordUpTo = async (
  { log, codec }: FoldSources,
  rules: Rules,
  key: string,
  upTo: Vector,
): Promise<Word> => {
  const source = rules.definition.merges?.source ?? '';
  const end = upTo[source] ?? 0;
  let word = SILENT;
  if (end === 0) return word;
  for (const record of await log.readKey(source, key, end)) {
    const merge = mergeIn(rules, source, typeOf(codec, record), () => codec.decode(source, record));
    if (merge !== null) word = withMerge(word, merge, record);
  }
  return word;
};

const typeOf = (codec: FoldSources['codec'], { body }: { readonly body: Uint8Array }): string => {
  try {
    return codec.peek(body).type;
  } catch {
    return ''; // it stops its own customer, and nobody else
  }
};

/** What an event says of merges. One that cannot be read says nothing. */
export const mergeIn = (
  rules: Rules,
  source: string,
  type: string,
  event: () => Parameters<Rules['mergeOf']>[0],
): MergeWord | null => {
  try {
    return rules.isMerge(source, type) ? rules.mergeOf(event()) : null;
  } catch {
    return null;
  }
};
