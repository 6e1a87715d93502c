// Merging and unmerging: a merge is one event on the survivor's stream and one on that of everybody it absorbs.
import { NOTHING, ruleViolated, uuid5, type Aggregate, type CommandContext } from '@tenure/core';
import type {
  CustomerContext,
  CustomerParts,
  CustomerState,
  MergeBasis,
  OtherParty,
} from './customer-state.ts';

/** A merge of others into a customer. */
export type MergeRecord = { readonly mergeId: string; readonly absorbedIds: readonly string[] };

/** By which merge a party is absorbed, and what it was before. */
export type AbsorbedState = { readonly mergeId: string; readonly before: 'Bare' | 'Registered' };

/** DEFAULTS §12: a survivor with more is no person any more. */
const MAX_ABSORBED = 50;

type Decides = Aggregate<CustomerParts>['decide'];
type Evolves = Aggregate<CustomerParts>['evolve'];
type Context = CommandContext & CustomerContext;

const absorbedBy = (merges: readonly MergeRecord[]): readonly string[] =>
  merges.flatMap(({ absorbedIds }) => absorbedIds);

/** A rule of a merge is broken; `party` says by whom. */
const refuse = (code: string, detail: string, party: string) =>
  ruleViolated(code, detail, { customerId: party });

/** @throws MERGE_WITH_ITSELF, DUPLICATE_PARTY, ALREADY_MERGED, LIMIT_EXCEEDED, PARTY_ABSORBED, PARTY_ERASED */
const checkAbsorbed = (state: CustomerState, absorbedIds: readonly string[], context: Context): void => {
  const already = absorbedBy(state.merges);
  for (const [i, id] of absorbedIds.entries()) {
    if (id === context.id) throw refuse('MERGE_WITH_ITSELF', 'A customer cannot absorb himself.', id);
    if (absorbedIds.indexOf(id) !== i) throw refuse('DUPLICATE_PARTY', 'A party is named twice.', id);
    if (already.includes(id))
      throw refuse('ALREADY_MERGED', 'One of them is absorbed by this customer already.', id);
    checkPresent(id, context.others.get(id));
  }
  if (already.length + absorbedIds.length > MAX_ABSORBED)
    throw ruleViolated('LIMIT_EXCEEDED', `A customer absorbs at most ${MAX_ABSORBED} parties.`, {
      limit: 'absorbedParties',
      value: MAX_ABSORBED,
    });
};

/** @throws PARTY_ABSORBED, PARTY_ERASED for a party that can no longer be absorbed */
const checkPresent = (id: string, party: OtherParty | undefined): void => {
  if (party === undefined) return;
  switch (party.status) {
    case 'Absorbed':
      throw ruleViolated(
        'PARTY_ABSORBED',
        'One of them was merged into another customer; merge that one, or unmerge first.',
        {
          customerId: id,
          survivorId: party.survivorId,
        },
      );
    case 'ErasurePending':
    case 'Erased':
      throw refuse('PARTY_ERASED', 'One of them is erased, or about to be.', id);
    case NOTHING:
    case 'Bare':
    case 'Registered':
      return;
    default:
      return party.status satisfies never;
  }
};

/** A merge that a person decides himself, or a process by a rule of its own, is certain. */
const ownBasis = (ruleId: string | undefined, { actor }: CommandContext): MergeBasis => ({
  ruleId: ruleId ?? 'manual',
  ruleVersion: 1,
  score: 100,
  approvedBy: actor,
});

/** True where following the survivors from this one leads to `id`: then nobody would be left. */
const leadsTo = (id: string, from: string, others: CustomerContext['others']): boolean => {
  const seen = new Set<string>();
  for (let next: string | null = from; next !== null && !seen.has(next);) {
    if (next === id) return true;
    seen.add(next);
    next = others.get(next)?.survivorId ?? null;
  }
  return false;
};

/** True where the merge is in force on the survivor's stream, and leaves somebody. */
const stands = (
  state: CustomerState,
  { id, others }: Context,
  merge: { mergeId: string; survivorId: string },
): boolean => {
  const survivor = others.get(merge.survivorId);
  const named = survivor?.merges.find(({ mergeId }) => mergeId === merge.mergeId);
  if (named?.absorbedIds.includes(id) !== true || leadsTo(id, merge.survivorId, others)) return false;
  // Two merges that cross would leave nobody: each stream knows both, and the lower id survives on both.
  const crossed = absorbedBy(state.merges).includes(merge.survivorId);
  return !crossed || merge.survivorId < id;
};

/**
 * Everybody is absorbed by it, and somebody is left: merges of several customers that were decided at once can form a
 * ring, which whoever comes last sees as a whole.
 */
export const isWhole = (
  { mergeId, absorbedIds }: MergeRecord,
  { survivorId }: CustomerState,
  id: string,
  others: CustomerContext['others'],
): boolean =>
  absorbedIds.every((absorbed) => others.get(absorbed)?.mergeId === mergeId) &&
  (survivorId === null || !leadsTo(id, survivorId, others));

/** Deciders of merging. */
export const merging = {
  MergeCustomers(state, { absorbedIds, fieldChoices, ...command }, context) {
    const already = absorbedBy(state.merges);
    if (absorbedIds.every((id) => already.includes(id))) return [];
    checkAbsorbed(state, absorbedIds, context);
    const chosen = Object.values(fieldChoices).find((id) => id !== context.id && !absorbedIds.includes(id));
    if (chosen !== undefined)
      throw refuse('UNKNOWN_PARTY', 'A field is to come from nobody of this merge.', chosen);
    const { approvedBy, ...basis } = context.match ?? ownBasis(command.ruleId, context);
    const mergeId = command.mergeId ?? uuid5(context.commandId, 'mergeId');
    if (state.merges.some((known) => known.mergeId === mergeId))
      throw ruleViolated('DUPLICATE_MERGE', 'The customer has a merge with this id; choose another.', {
        mergeId,
      });
    const data = {
      mergeId,
      survivorId: context.id,
      absorbedIds,
      ...basis,
      approvedBy: writable(approvedBy),
      fieldChoices,
    };
    return [{ type: 'CustomersMerged', data }];
  },
  AbsorbCustomer(state, merge, context) {
    if (!stands(state, context, merge))
      throw ruleViolated('MERGE_UNDONE', 'The survivor has no such merge, or one the other way that holds.', {
        mergeId: merge.mergeId,
      });
    return [{ type: 'CustomerAbsorbed', data: merge }];
  },
  UnmergeCustomer(state, { mergeId, reason, ifIncomplete }, { id, actor, others }) {
    const merge = state.merges.find((known) => known.mergeId === mergeId);
    if (ifIncomplete === true && (merge === undefined || isWhole(merge, state, id, others))) return [];
    if (merge === undefined)
      throw ruleViolated('UNKNOWN_MERGE', 'The customer has no merge with this id that is not undone.', {
        mergeId,
      });
    const data = { mergeId, survivorId: id, restoredIds: merge.absorbedIds, reason, approvedBy: actor };
    return [{ type: 'CustomersUnmerged', data }];
  },
  RestoreCustomer({ absorbed }, { mergeId }) {
    if (absorbed?.mergeId !== mergeId)
      throw ruleViolated('OTHER_MERGE', 'The customer is absorbed by another merge.', { mergeId });
    return [{ type: 'CustomerRestored', data: { mergeId } }];
  },
} satisfies Partial<Decides>;

/** UNKNOWN stands for an actor of a newer version and is never written. */
export const writable = ({ kind, id }: MergeBasis['approvedBy']) => ({
  kind: kind === 'UNKNOWN' ? ('process' as const) : kind,
  id,
});

/** What merging does to the state. */
export const mergeEvents = {
  CustomersMerged: (state, { data: { mergeId, absorbedIds } }) => ({
    ...state,
    merges: [...state.merges, { mergeId, absorbedIds }],
  }),
  CustomerAbsorbed: (state, { data: { mergeId, survivorId } }) => ({
    ...state,
    status: 'Absorbed',
    survivorId,
    absorbed: { mergeId, before: state.status === 'Registered' ? 'Registered' : 'Bare' },
  }),
  CustomersUnmerged: (state, { data }) => ({
    ...state,
    merges: state.merges.filter(({ mergeId }) => mergeId !== data.mergeId),
  }),
  CustomerRestored: (state) => ({
    ...state,
    status: state.absorbed?.before ?? 'Bare',
    survivorId: null,
    absorbed: null,
  }),
} satisfies Partial<Evolves>;
