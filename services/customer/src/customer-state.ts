// What a customer is made of: state, commands, context. Personal values stay sealed in the state.
import { NOTHING } from '@tenure/core';
import type { Sealable } from '@tenure/events';
import type { Actor, CustomerEvents, CustomerFacts } from '@tenure/events/generated/customer';
import type { Consent, ContactPoint, RelatedContact } from './customer-rules.ts';
import type { Erasure, LegalHold } from './erasure.ts';
import type { AbsorbedState, MergeRecord } from './merging.ts';
import type { AttributeProblem, Attributes } from './attributes.ts';

export type CustomerStatus =
  | typeof NOTHING
  | 'Bare'
  | 'Registered'
  | 'ErasurePending'
  | 'Absorbed'
  | 'Erased';

export type ExternalIdentity = CustomerEvents['ExternalIdentityLinked'];

export type CustomerState = {
  readonly status: CustomerStatus;
  readonly kind: string | null;
  readonly displayName: Sealable<string> | null;
  readonly profile: Readonly<Record<string, Sealable<string>>>;
  readonly locale: string | null;
  readonly timeZone: string | null;
  readonly homeCurrency: string | null;
  readonly originLeadId: string | null;
  readonly ownerId: string | null;
  readonly territoryId: string | null;
  /** ms; decides who survives a merge. */
  readonly registeredAt: number | null;
  readonly contactPoints: readonly ContactPoint[];
  readonly contacts: readonly RelatedContact[];
  readonly externalIds: readonly ExternalIdentity[];
  readonly consents: Readonly<Record<string, Consent>>;
  readonly attributes: Attributes;
  /** Merges of others into this customer that were not undone. */
  readonly merges: readonly MergeRecord[];
  /** Whom to read instead, and which merge says so. */
  readonly survivorId: string | null;
  readonly absorbed: AbsorbedState | null;
  readonly legalHolds: readonly LegalHold[];
  readonly erasure: Erasure | null;
};

/** What a merge rests on. `manual`: somebody decided it himself. */
export type MergeBasis = {
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly score: number;
  readonly approvedBy: Actor;
};

/** Another party of a merge as of now; null where nobody has registered it. */
export type OtherParty = {
  readonly id: string;
  readonly status: CustomerStatus;
  readonly survivorId: string | null;
  /** The merge by which it is absorbed. */
  readonly mergeId: string | null;
  /** Merges of its own that are not undone. */
  readonly merges: readonly MergeRecord[];
};

/** What deciders know beyond the stream. */
export type CustomerContext = {
  /** Defaults of the deployment for a registration that does not say. */
  readonly deployment: { readonly locale: string; readonly zone: string; readonly homeCurrency: string };
  /** E.164, lower-case mail, …; null for a value that is none of its channel. */
  readonly normalise: (channel: string, value: string) => string | null;
  /** The other parties of a merge, by id. */
  readonly others: ReadonlyMap<string, OtherParty>;
  /** The approved match of a merge of two; null: there is none. */
  readonly match: MergeBasis | null;
  /** Checks attributes against the schema that the command names; null: there is no such schema. */
  readonly schema: {
    readonly version: number;
    readonly check: (attributes: Attributes) => readonly AttributeProblem[];
  } | null;
};

/** The id of a part may be the client's; else it derives from the command. */
type OptionalId<T, K extends keyof T> = Omit<T, K> & { readonly [P in K]?: T[P] | undefined };

type Registration = CustomerFacts['CustomerRegistered'];

export type CustomerCommands = {
  readonly RegisterCustomer: Pick<Registration, 'kind' | 'displayName' | 'source'> &
    Partial<Pick<Registration, 'originLeadId' | 'locale' | 'timeZone' | 'homeCurrency' | 'ownerId'>>;
  readonly ChangeProfile: { readonly changes: Readonly<Record<string, string>>; readonly source: string };
  readonly AddContactPoint: OptionalId<CustomerFacts['ContactPointAdded'], 'contactPointId'>;
  readonly VerifyContactPoint: CustomerFacts['ContactPointVerified'];
  readonly RetireContactPoint: CustomerFacts['ContactPointRetired'];
  readonly AddRelatedContact: OptionalId<CustomerFacts['RelatedContactAdded'], 'contactId'>;
  readonly RetireRelatedContact: { readonly contactId: string; readonly reason: string };
  readonly LinkExternalIdentity: CustomerFacts['ExternalIdentityLinked'];
  readonly AssignAccountOwner: { readonly ownerId: string; readonly territoryId?: string | null | undefined };
  readonly SetCustomAttributes: {
    readonly schemaId: string;
    readonly attributes: Attributes;
    /** Names of attributes that are taken away. */
    readonly clear: readonly string[];
  };
  readonly GrantConsent: CustomerFacts['ConsentGranted'];
  readonly WithdrawConsent: CustomerFacts['ConsentWithdrawn'];
  readonly MergeCustomers: {
    readonly mergeId?: string | undefined;
    readonly absorbedIds: readonly string[];
    /** The rule that a process goes by; a person's own decision is `manual`. */
    readonly ruleId?: string | undefined;
    readonly fieldChoices: Readonly<Record<string, string>>;
  };
  readonly AbsorbCustomer: CustomerFacts['CustomerAbsorbed'];
  readonly UnmergeCustomer: {
    readonly mergeId: string;
    readonly reason: string;
    /** Only where not everybody could be absorbed: a merge is whole or it is undone. */
    readonly ifIncomplete?: boolean | undefined;
  };
  readonly RestoreCustomer: CustomerFacts['CustomerRestored'];
  readonly PlaceLegalHold: OptionalId<CustomerFacts['LegalHoldPlaced'], 'holdId'>;
  readonly ReleaseLegalHold: CustomerFacts['LegalHoldReleased'];
  readonly RequestErasure: { readonly requestId?: string | undefined; readonly dueBy?: string | undefined };
  readonly CancelErasure: { readonly reason: string };
  readonly DestroySubjectKeys: { readonly subjectKeyIds: readonly string[] };
  readonly EraseCustomer: { readonly certificateSha256: string };
  readonly ExportSubjectData: OptionalId<CustomerFacts['SubjectDataExported'], 'requestId'>;
};

/** Events of the aggregate; the source also carries those of match candidates. */
type HandledEvents = Omit<CustomerEvents, 'MatchProposed' | 'MatchApproved' | 'MatchRejected'>;

/** The types that make up the aggregate. */
export type CustomerParts = {
  readonly state: CustomerState;
  readonly events: HandledEvents;
  readonly facts: CustomerFacts;
  readonly commands: CustomerCommands;
  readonly context: CustomerContext;
};

export const noCustomer: CustomerState = {
  status: NOTHING,
  kind: null,
  displayName: null,
  profile: {},
  locale: null,
  timeZone: null,
  homeCurrency: null,
  originLeadId: null,
  ownerId: null,
  territoryId: null,
  registeredAt: null,
  contactPoints: [],
  contacts: [],
  externalIds: [],
  consents: {},
  attributes: {},
  merges: [],
  survivorId: null,
  absorbed: null,
  legalHolds: [],
  erasure: null,
};
