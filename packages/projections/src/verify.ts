// Verification: documents folded anew from the log, compared with what is stored, while the live loop goes on.
import { partitionOf, type HashRange } from '@tenure/event-log';
import { sameWord } from './absorptions.ts';
import { breathe } from './exclusive.ts';
import { keysOfLog } from './keys-of-log.ts';
import { wholeDayTurn, type Engine, type Model } from './model.ts';
import { standsStill } from './parking.ts';
import { customerOf, freshDocuments } from './fresh.ts';
import { wordInLog } from './merging.ts';
import { differing } from './settle-customer.ts';

export type Difference = { readonly key: string; readonly paths: readonly string[] };

export type Verification = { readonly checked: number; readonly differences: readonly Difference[] };

export type VerifyScope =
  /** Every customer of the log and every stored document. */
  | { readonly all: true }
  | { readonly keys: readonly string[] }
  /** About this many customers, chosen by the hash of their keys. */
  | { readonly sample: number };

/** Customers compared in one turn, during which the live loop waits: a few milliseconds. */
const TURN_KEYS = 32;
/** A report of more is of no use: the generation is wrong as a whole. */
const MAX_DIFFERENCES = 1_000;
const HASHES = 2 ** 32;

type Checking = {
  readonly model: Model;
  readonly engine: Engine;
  readonly found: Difference[];
  readonly onChecked: (checked: number) => void;
  checked: number;
};

/** Compares. Customers that stand still are left out: their documents are known to be old, and say so. */
export const verifyModel = async (
  model: Model,
  engine: Engine,
  scope: VerifyScope,
  onChecked: (checked: number) => void = () => {},
): Promise<Verification> => {
  const checking: Checking = { model, engine, found: [], onChecked, checked: 0 };
  if ('keys' in scope) await checkKeys(checking, scope.keys);
  else {
    const { documents } = await model.generation.stats();
    const share = 'all' in scope ? 1 : Math.min(1, scope.sample / Math.max(1, documents));
    const range = share === 1 ? null : { from: 0, to: Math.ceil(HASHES * share) };
    for (let partition = 0; partition < engine.log.partitions; partition++) {
      const keys = await keysOfLog(engine.log, model.rules.sources, partition, model.lanes, range);
      await checkKeys(checking, [...keys, ...absorbedUnknown(checking, partition, range, keys)]);
      if ('all' in scope) await findExtra(checking, partition, keys);
    }
  }
  return { checked: checking.checked, differences: checking.found };
};

const checkKeys = async (checking: Checking, keys: readonly string[]): Promise<void> => {
  const { model, engine } = checking;
  for (let from = 0; from < keys.length; from += TURN_KEYS) {
    await wholeDayTurn(engine, model, async () => {
      for (const key of keys.slice(from, from + TURN_KEYS)) await checkKey(checking, key);
    });
    checking.onChecked(checking.checked);
    await breathe();
  }
};

const checkKey = async (checking: Checking, key: string): Promise<void> => {
  const { model, engine } = checking;
  if (model.rules.definition.merges !== undefined)
    if (!sameWord(model.absorptions.of(key), await wordInLog(model, engine, key)))
      report(checking, key, ['/merges']);
  const group = model.absorptions.groupOf(key).map((member) => model.parked.get(member));
  if (standsStill(group[0])) return;
  const released = group.some((row) => row !== undefined);
  const fresh = await freshDocuments(model, engine, customerOf(engine, key), { released });
  checking.checked++;
  if ('failure' in fresh) return report(checking, key, ['/fold']);
  const stored = new Map((await model.generation.byKey(key)).map((document) => [document.id, document]));
  const { redirect } = fresh;
  for (const write of [...fresh.written.map((one) => one.write), ...(redirect === null ? [] : [redirect])]) {
    const document = stored.get(write.id);
    stored.delete(write.id);
    if (document === undefined) report(checking, key, ['/missing']);
    else if (document.stale) report(checking, key, ['/stale']);
    else report(checking, key, await differing(model, document, write));
  }
  if (stored.size > 0) report(checking, key, ['/extra']);
};

// Somebody may be merged of whom nothing else is known: a lead that never came to anything.
const absorbedUnknown = (
  { model, engine }: Checking,
  partition: number,
  range: HashRange | null,
  known: ReadonlySet<string>,
): readonly string[] =>
  range !== null
    ? []
    : model.absorptions
        .absorbed()
        .filter((key) => !known.has(key) && partitionOf(key, engine.log.partitions) === partition);

const report = ({ found }: Checking, key: string, paths: readonly string[]): void => {
  if (paths.length > 0 && found.length < MAX_DIFFERENCES) found.push({ key, paths });
};

const SCAN_DOCUMENTS = 500;

/** Stored documents of a partition whose customer the log does not know. */
const findExtra = async (
  checking: Checking,
  partition: number,
  known: ReadonlySet<string>,
): Promise<void> => {
  const { model, engine } = checking;
  for (let change = 0; ;) {
    const page = await model.generation.changes(partition, change, SCAN_DOCUMENTS);
    for (const document of page) {
      change = document.change;
      if (known.has(document.key)) continue;
      // A customer that came since the scan of the keys is no extra one: ask the log.
      const fresh = await wholeDayTurn(engine, model, () =>
        freshDocuments(model, engine, document, { released: true }),
      );
      if ('failure' in fresh || fresh.redirect !== null) continue;
      if (!fresh.written.some(({ write }) => write.id === document.id))
        report(checking, document.key, ['/extra']);
    }
    if (page.length < SCAN_DOCUMENTS) return;
    await breathe();
  }
};
