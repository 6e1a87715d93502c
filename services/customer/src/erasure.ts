// Legal holds, the request to be erased and what follows from it, the export of a person's data.
import { addDays, ruleViolated, uuid5, type Aggregate } from '@tenure/core';
import type { CustomerParts, CustomerState } from './customer-state.ts';
import { isWhole } from './merging.ts';

export type LegalHold = { readonly holdId: string; readonly basis: string };

export type Erasure = {
  readonly requestId: string;
  readonly dueBy: string;
  /** What the customer was when it was asked for. */
  readonly before: 'Registered' | 'Absorbed';
  /** No way back: nobody can read the personal data any more. */
  readonly keysDestroyed: boolean;
};

/** What the law gives; the request may ask for less. */
const ERASURE_DAYS = 30;
/** A customer under more holds than this is a matter for people. */
const MAX_LEGAL_HOLDS = 50;

type Decides = Aggregate<CustomerParts>['decide'];
type Evolves = Aggregate<CustomerParts>['evolve'];

/** @throws LEGAL_HOLD while one is open */
const checkNoHold = ({ legalHolds }: CustomerState): void => {
  if (legalHolds.length > 0)
    throw ruleViolated('LEGAL_HOLD', 'The data must be kept; release every legal hold first.', {
      holdIds: legalHolds.map(({ holdId }) => holdId),
    });
};

const requestOf = ({ erasure }: CustomerState): Erasure => {
  if (erasure === null) throw new TypeError('a customer is ErasurePending by a request');
  return erasure;
};

/** Deciders of holds, erasure and export. */
export const erasing = {
  PlaceLegalHold({ legalHolds }, { basis, ...command }, { commandId }) {
    const holdId = command.holdId ?? uuid5(commandId, 'holdId');
    if (legalHolds.some((hold) => hold.holdId === holdId))
      throw ruleViolated('DUPLICATE_HOLD', 'The customer has an open legal hold with this id.', { holdId });
    if (legalHolds.length >= MAX_LEGAL_HOLDS)
      throw ruleViolated('LIMIT_EXCEEDED', `A customer has at most ${MAX_LEGAL_HOLDS} open legal holds.`, {
        limit: 'legalHolds',
        value: MAX_LEGAL_HOLDS,
      });
    return [{ type: 'LegalHoldPlaced', data: { holdId, basis } }];
  },
  ReleaseLegalHold({ legalHolds }, { holdId }) {
    if (!legalHolds.some((hold) => hold.holdId === holdId))
      throw ruleViolated('UNKNOWN_HOLD', 'The customer has no open legal hold with this id.', { holdId });
    return [{ type: 'LegalHoldReleased', data: { holdId } }];
  },
  RequestErasure(state, command, { id, others, commandId, actor, today }) {
    // Whoever is about to be erased can undo no merge any more.
    if (!state.merges.every((merge) => isWhole(merge, state, id, others)))
      throw ruleViolated('MERGE_UNDER_WAY', 'A merge of this customer is under way; try again soon.');
    const dueBy = command.dueBy ?? addDays(today, ERASURE_DAYS);
    if (dueBy < today)
      throw ruleViolated('DATE_PASSED', 'An erasure cannot have been due before it was asked for.', {
        today,
      });
    const requestId = command.requestId ?? uuid5(commandId, 'requestId');
    return [{ type: 'ErasureRequested', data: { requestId, requestedBy: actor, dueBy } }];
  },
  CancelErasure(state, { reason }) {
    const { requestId, keysDestroyed } = requestOf(state);
    if (keysDestroyed)
      throw ruleViolated('KEYS_DESTROYED', 'The keys are destroyed: there is no way back.', { requestId });
    return [{ type: 'ErasureCancelled', data: { requestId, reason } }];
  },
  DestroySubjectKeys(state, { subjectKeyIds }) {
    const { requestId, keysDestroyed } = requestOf(state);
    if (keysDestroyed) return [];
    checkNoHold(state);
    return [{ type: 'SubjectKeysDestroyed', data: { requestId, subjectKeyIds } }];
  },
  EraseCustomer(state, { certificateSha256 }) {
    const { requestId, keysDestroyed } = requestOf(state);
    checkNoHold(state);
    if (!keysDestroyed)
      throw ruleViolated('KEYS_NOT_DESTROYED', 'First the keys are destroyed, then the rest is verified.', {
        requestId,
      });
    return [{ type: 'CustomerErased', data: { requestId, certificateSha256 } }];
  },
  ExportSubjectData(_, { format, artefactSha256, ...command }, { commandId }) {
    const requestId = command.requestId ?? uuid5(commandId, 'requestId');
    return [{ type: 'SubjectDataExported', data: { requestId, format, artefactSha256 } }];
  },
} satisfies Partial<Decides>;

/** What holds, erasure and export do to the state. */
export const erasureEvents = {
  LegalHoldPlaced: (state, { data }) => ({ ...state, legalHolds: [...state.legalHolds, data] }),
  LegalHoldReleased: (state, { data }) => ({
    ...state,
    legalHolds: state.legalHolds.filter(({ holdId }) => holdId !== data.holdId),
  }),
  ErasureRequested: (state, { data: { requestId, dueBy } }) => ({
    ...state,
    status: 'ErasurePending',
    erasure: {
      requestId,
      dueBy,
      before: state.status === 'Absorbed' ? 'Absorbed' : 'Registered',
      keysDestroyed: false,
    },
  }),
  ErasureCancelled: (state) => ({
    ...state,
    status: state.erasure?.before ?? 'Registered',
    erasure: null,
  }),
  SubjectKeysDestroyed: (state) => ({
    ...state,
    erasure: state.erasure === null ? null : { ...state.erasure, keysDestroyed: true },
  }),
  CustomerErased: (state) => ({ ...state, status: 'Erased' }),
  SubjectDataExported: (state) => state,
} satisfies Partial<Evolves>;
