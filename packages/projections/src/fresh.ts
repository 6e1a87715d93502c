// A customer's documents as they should be: folded anew from the log, or, for one who was merged, the way to his survivor.
import { partitionOf } from '@tenure/event-log';
import type { DocumentWrite, Vector } from '@tenure/read-models';
import { foldKey, failureAt, type Customer, type FoldFailure, type Member } from './fold-key.ts';
import type { Day } from './day.ts';
import { renderContext, type Engine, type Model, type Written } from './model.ts';
import { renderDocument, renderFrozen } from './render.ts';
import type { Rules } from './rules.ts';

/** What folding anew needs. */
export type FoldEngine = Pick<Engine, 'codec' | 'keys' | 'searchHashes'> & {
  readonly log: Pick<Engine['log'], 'readKey' | 'partitions'>;
};

/** Where the partitions stand once what is computed now is committed. */
export type Standing = {
  readonly upTo: (partition: number) => Vector;
  readonly day: (partition: number) => Day | undefined;
};

/** Where the generation stands now. */
export const standingOf = ({ lanes, days }: Model): Standing => ({
  upTo: (partition) => lanes.positions(partition),
  day: (partition) => days.get(partition),
});

export const customerOf = ({ log }: Pick<FoldEngine, 'log'>, key: string): Customer => ({
  key,
  partition: partitionOf(key, log.partitions),
});

/** The keys whose events make a customer's documents, each as far as its own partition is. */
export const membersOf = (
  model: Model,
  engine: Pick<FoldEngine, 'log'>,
  key: string,
  { upTo }: Pick<Standing, 'upTo'>,
): readonly Member[] =>
  model.absorptions
    .groupOf(key)
    .map((member) => ({ key: member, upTo: upTo(partitionOf(member, engine.log.partitions)) }));

export type Fresh =
  /** `redirect`: the customer was merged into another. */
  | { readonly written: readonly Written[]; readonly redirect: DocumentWrite | null }
  | { readonly failure: FoldFailure };

/** `released`: an operator let the customer flow without what cannot be folded; then there is no failure in the fold. */
export const freshDocuments = async (
  model: Model,
  engine: FoldEngine,
  customer: Customer,
  { released, standing = standingOf(model) }: { readonly released: boolean; readonly standing?: Standing },
): Promise<Fresh> => {
  const { rules, absorptions } = model;
  const root = absorptions.rootOf(customer.key);
  if (root !== customer.key) return { written: [], redirect: redirectDocument(rules, customer, root) };
  const members = membersOf(model, engine, customer.key, standing);
  const folded = await foldKey(engine, rules, customer, members, released ? 'omit' : 'strict');
  if (folded.failure !== null && !released) return { failure: folded.failure };
  const context = {
    ...(await renderContext(engine, rules, folded.documents)),
    day: standing.day(customer.partition),
  };
  try {
    const written = folded.documents.map((live) => ({ live, write: renderDocument(rules, live, context) }));
    return { written, redirect: null };
  } catch (error) {
    const [source = '', position = 0] = Object.entries(folded.documents[0]?.vector ?? {})[0] ?? [];
    return { failure: failureAt(source, position, error) };
  }
};

/** What a parked customer shows when nothing that could stand still is stored. */
export const frozenDocuments = async (
  model: Model,
  engine: FoldEngine,
  customer: Customer,
  standing: Standing,
): Promise<readonly DocumentWrite[]> => {
  const { rules } = model;
  const members = membersOf(model, engine, customer.key, standing);
  const { documents } = await foldKey(engine, rules, customer, members, 'freeze');
  const context = {
    ...(await renderContext(engine, rules, documents)),
    day: standing.day(customer.partition),
  };
  return documents.map((live) => renderFrozen(rules, live, context));
};

/** An absorbed customer: nothing of its own, so that it is the same however it came about. */
const redirectDocument = (
  { definition }: Rules,
  { key, partition }: Customer,
  root: string,
): DocumentWrite => ({
  id: key,
  key,
  partition,
  body: '',
  vector: {},
  sealed: null,
  stale: false,
  redirect: root,
  wakeAt: null,
  columns: definition.columns.map(() => null),
  search: [],
});
