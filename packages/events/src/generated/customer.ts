// Generated from schemas/ by tools/generate.ts: change the schemas, then run it.
import type { Sealable } from '../sealed.ts';
import type { Actor, NewActor, RelatedContactRole } from './common.ts';

export type { Actor, NewActor, RelatedContactRole };

export const legalBasisSymbols = ['CONSENT', 'CONTRACT', 'LEGITIMATE_INTEREST', 'LEGAL_OBLIGATION'] as const;
/** Legal ground of processing. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type LegalBasis = (typeof legalBasisSymbols)[number];

export const contactChannelSymbols = ['EMAIL', 'PHONE', 'SMS', 'POSTAL', 'WECHAT', 'WEIBO', 'WEB'] as const;
/** Channel of a contact point. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type ContactChannel = (typeof contactChannelSymbols)[number];

export const contactPointRetirementSymbols = ['BOUNCED', 'WRONG', 'CUSTOMER_REQUEST', 'MERGED'] as const;
/** Why a contact point is no longer used. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type ContactPointRetirement = (typeof contactPointRetirementSymbols)[number];

export const customerKindSymbols = ['PERSON', 'ORGANISATION', 'CHANNEL_PARTNER', 'INTERNAL'] as const;
/** What kind of party the customer is. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type CustomerKind = (typeof customerKindSymbols)[number];

export const registrationSourceSymbols = ['LEAD_CONVERSION', 'IMPORT', 'SELF_SERVICE', 'MANUAL'] as const;
/** How a customer came to be registered. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type RegistrationSource = (typeof registrationSourceSymbols)[number];

/** A key that both parties share, or how alike they are in it. */
export type MatchEvidence = {
  /** Kind of key: EXTERNAL_ID, EMAIL, PHONE, NAME or COMPANY. */
  readonly kind: string;
  /** Points it gives; negative when it speaks against a match. */
  readonly score: number;
  /** Record of the left party it comes from (a lead, a contact point); never the value. */
  readonly leftKey: string;
  /** Record of the right party it comes from. */
  readonly rightKey: string;
};

export const exportFormatSymbols = ['JSON', 'CSV'] as const;
/** Format of an export of a customer's data. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type ExportFormat = (typeof exportFormatSymbols)[number];

/** Somebody became responsible for the customer. */
export type AccountOwnerAssigned = {
  /** The new owner. */
  readonly ownerId: string;
  /** The owner before. */
  readonly previousOwnerId: string | null;
  /** Territory the owner has the customer in. */
  readonly territoryId: string | null;
};

/** `AccountOwnerAssigned` as it is written. */
export type NewAccountOwnerAssigned = {
  readonly ownerId: string;
  readonly previousOwnerId?: string | null | undefined;
  readonly territoryId?: string | null | undefined;
};

/** The customer may be contacted or evaluated for a purpose on a channel. */
export type ConsentGranted = {
  /** What the data may be used for. */
  readonly purpose: string;
  /** Channel the consent covers. */
  readonly channel: string;
  /** Legal ground. */
  readonly legalBasis: LegalBasis | 'UNKNOWN';
  /** Version of the privacy notice the customer saw. */
  readonly policyVersion: string;
  /** Where the proof is kept. */
  readonly evidenceRef: string;
};

/** `ConsentGranted` as it is written. */
export type NewConsentGranted = {
  readonly purpose: string;
  readonly channel: string;
  readonly legalBasis: LegalBasis;
  readonly policyVersion: string;
  readonly evidenceRef: string;
};

/** The customer no longer agrees to a purpose on a channel. */
export type ConsentWithdrawn = {
  /** The purpose. */
  readonly purpose: string;
  /** The channel. */
  readonly channel: string;
  /** Why, if the customer said so. */
  readonly reason: Sealable<string> | null;
};

/** `ConsentWithdrawn` as it is written. */
export type NewConsentWithdrawn = {
  readonly purpose: string;
  readonly channel: string;
  readonly reason?: string | null | undefined;
};

/** A way to reach the customer was added. */
export type ContactPointAdded = {
  /** The contact point. */
  readonly contactPointId: string;
  /** Channel it belongs to. */
  readonly channel: ContactChannel | 'UNKNOWN';
  /** Address or number, normalised: E.164 for phones, lower case for mail. */
  readonly value: Sealable<string>;
  /** True when it is the first choice of its channel. */
  readonly primary: boolean;
};

/** `ContactPointAdded` as it is written. */
export type NewContactPointAdded = {
  readonly contactPointId: string;
  readonly channel: ContactChannel;
  readonly value: string;
  readonly primary: boolean;
};

/** A contact point is no longer used. */
export type ContactPointRetired = {
  /** The contact point. */
  readonly contactPointId: string;
  /** Why. */
  readonly reason: ContactPointRetirement | 'UNKNOWN';
};

/** `ContactPointRetired` as it is written. */
export type NewContactPointRetired = {
  readonly contactPointId: string;
  readonly reason: ContactPointRetirement;
};

/** The customer was shown to be reachable at a contact point. */
export type ContactPointVerified = {
  /** The contact point. */
  readonly contactPointId: string;
  /** How it was verified, such as a code or a reply. */
  readonly method: string;
};

/** `ContactPointVerified` as it is written. */
export type NewContactPointVerified = {
  readonly contactPointId: string;
  readonly method: string;
};

/** Attributes that the deployment defines were set; those not named keep their values. */
export type CustomAttributesSet = {
  /** JSON Schema the attributes were checked against. */
  readonly schemaId: string;
  /** Version of that schema. */
  readonly schemaVersion: number;
  /** Attributes by name. Their schema must not admit personal data. Canonical JSON. */
  readonly attributes: string;
};

/** `CustomAttributesSet` as it is written. */
export type NewCustomAttributesSet = {
  readonly schemaId: string;
  readonly schemaVersion: number;
  readonly attributes: string;
};

/** This party redirects to the survivor of a merge. */
export type CustomerAbsorbed = {
  /** The merge. */
  readonly mergeId: string;
  /** The customer to read instead. */
  readonly survivorId: string;
};

/** `CustomerAbsorbed` as it is written. */
export type NewCustomerAbsorbed = {
  readonly mergeId: string;
  readonly survivorId: string;
};

/** Every component was checked to hold no personal data of the customer: the last event of the stream. */
export type CustomerErased = {
  /** The request. */
  readonly requestId: string;
  /** SHA-256 (hex) of the certificate of erasure. */
  readonly certificateSha256: string;
};

/** `CustomerErased` as it is written. */
export type NewCustomerErased = {
  readonly requestId: string;
  readonly certificateSha256: string;
};

/** Fields of the customer's profile got new values. */
export type CustomerProfileChanged = {
  /** Names of the changed fields, in the clear; their values are in `changes`. */
  readonly fields: readonly string[];
  /** New value of each changed field by its name. */
  readonly changes: Sealable<Readonly<Record<string, string>>>;
  /** Where the new values come from (a form, a system, a person's role). */
  readonly source: string;
};

/** `CustomerProfileChanged` as it is written. */
export type NewCustomerProfileChanged = {
  readonly fields: readonly string[];
  readonly changes: Readonly<Record<string, string>>;
  readonly source: string;
};

/** The customer became known by name; the customer id was minted at the first touch. */
export type CustomerRegistered = {
  /** Kind of the party. */
  readonly kind: CustomerKind | 'UNKNOWN';
  /** Name as the customer is addressed. */
  readonly displayName: Sealable<string>;
  /** How the registration came about. */
  readonly source: RegistrationSource | 'UNKNOWN';
  /** The lead that was converted. */
  readonly originLeadId: string | null;
  /** BCP 47 language tag of the customer, such as zh-CN. */
  readonly locale: string;
  /** Zone the customer lives in. IANA time zone. */
  readonly timeZone: string;
  /** Currency the customer is evaluated in. */
  readonly homeCurrency: string;
  /** Account owner from the start. */
  readonly ownerId: string | null;
};

/** `CustomerRegistered` as it is written. */
export type NewCustomerRegistered = {
  readonly kind: CustomerKind;
  readonly displayName: string;
  readonly source: RegistrationSource;
  readonly originLeadId?: string | null | undefined;
  readonly locale: string;
  readonly timeZone: string;
  readonly homeCurrency: string;
  readonly ownerId?: string | null | undefined;
};

/** This party stands on its own again after an unmerge. */
export type CustomerRestored = {
  /** The merge that was undone. */
  readonly mergeId: string;
};

/** `CustomerRestored` as it is written. */
export type NewCustomerRestored = {
  readonly mergeId: string;
};

/** Other parties turned out to be this customer; written on the survivor's stream, other streams only get a redirect. */
export type CustomersMerged = {
  /** The merge; an unmerge names it. */
  readonly mergeId: string;
  /** The customer that stays. */
  readonly survivorId: string;
  /** The customers that redirect to the survivor from now on. */
  readonly absorbedIds: readonly string[];
  /** Match rule that proposed the merge. */
  readonly ruleId: string;
  /** Version of that rule. */
  readonly ruleVersion: number;
  /** Match score, 0 to 100. */
  readonly score: number;
  /** Who approved it. */
  readonly approvedBy: Actor;
  /** By name of a profile field: the customer whose value wins. */
  readonly fieldChoices: Readonly<Record<string, string>>;
};

/** `CustomersMerged` as it is written. */
export type NewCustomersMerged = {
  readonly mergeId: string;
  readonly survivorId: string;
  readonly absorbedIds: readonly string[];
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly score: number;
  readonly approvedBy: NewActor;
  readonly fieldChoices: Readonly<Record<string, string>>;
};

/** A merge was undone; written on the survivor's stream. */
export type CustomersUnmerged = {
  /** The merge that is undone. */
  readonly mergeId: string;
  /** The customer that had stayed. */
  readonly survivorId: string;
  /** The customers that stand on their own again. */
  readonly restoredIds: readonly string[];
  /** Why the merge was wrong. */
  readonly reason: Sealable<string>;
  /** Who approved it. */
  readonly approvedBy: Actor;
};

/** `CustomersUnmerged` as it is written. */
export type NewCustomersUnmerged = {
  readonly mergeId: string;
  readonly survivorId: string;
  readonly restoredIds: readonly string[];
  readonly reason: string;
  readonly approvedBy: NewActor;
};

/** A request for erasure was withdrawn before any key was destroyed. */
export type ErasureCancelled = {
  /** The request. */
  readonly requestId: string;
  /** Why. */
  readonly reason: Sealable<string>;
};

/** `ErasureCancelled` as it is written. */
export type NewErasureCancelled = {
  readonly requestId: string;
  readonly reason: string;
};

/** The customer's personal data is to be erased. */
export type ErasureRequested = {
  /** The request. */
  readonly requestId: string;
  /** Who asked for it. */
  readonly requestedBy: Actor;
  /** Last day by which it must be done. YYYY-MM-DD. */
  readonly dueBy: string;
};

/** `ErasureRequested` as it is written. */
export type NewErasureRequested = {
  readonly requestId: string;
  readonly requestedBy: NewActor;
  readonly dueBy: string;
};

/** The customer is known to another system under an id. */
export type ExternalIdentityLinked = {
  /** Name of the other system, such as erp or cdnow. */
  readonly system: string;
  /** Id of the customer in that system: a pseudonym. */
  readonly externalId: string;
  /** How sure the link is, 0 to 100. */
  readonly confidence: number;
};

/** `ExternalIdentityLinked` as it is written. */
export type NewExternalIdentityLinked = {
  readonly system: string;
  readonly externalId: string;
  readonly confidence: number;
};

/** The customer's data must be kept until the hold is released. */
export type LegalHoldPlaced = {
  /** The hold. */
  readonly holdId: string;
  /** Legal ground, such as the reference of a case. */
  readonly basis: string;
};

/** `LegalHoldPlaced` as it is written. */
export type NewLegalHoldPlaced = {
  readonly holdId: string;
  readonly basis: string;
};

/** A legal hold ended. */
export type LegalHoldReleased = {
  /** The hold. */
  readonly holdId: string;
};

/** `LegalHoldReleased` as it is written. */
export type NewLegalHoldReleased = {
  readonly holdId: string;
};

/** Two parties are the same; the survivor takes the other in. */
export type MatchApproved = {
  /** The pair: a name-based id of both parties. */
  readonly pairId: string;
  /** The customer that stays. */
  readonly survivorId: string;
  /** Who approved it. */
  readonly approvedBy: Actor;
};

/** `MatchApproved` as it is written. */
export type NewMatchApproved = {
  readonly pairId: string;
  readonly survivorId: string;
  readonly approvedBy: NewActor;
};

/** Two parties may be the same: the match rules found enough evidence. */
export type MatchProposed = {
  /** The pair: a name-based id of both parties. */
  readonly pairId: string;
  /** The party with the lower id. */
  readonly leftId: string;
  /** The party with the higher id. */
  readonly rightId: string;
  /** Rule that decided, with its version where it has one. */
  readonly ruleId: string;
  /** Version of that rule. */
  readonly ruleVersion: number;
  /** Match score, 0 to 100. */
  readonly score: number;
  /** What speaks for it, by kind of key. */
  readonly evidence: readonly MatchEvidence[];
};

/** `MatchProposed` as it is written. */
export type NewMatchProposed = {
  readonly pairId: string;
  readonly leftId: string;
  readonly rightId: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly score: number;
  readonly evidence: readonly MatchEvidence[];
};

/** Two parties are not the same, whatever the evidence. */
export type MatchRejected = {
  /** The pair: a name-based id of both parties. */
  readonly pairId: string;
  /** Who rejected it. */
  readonly rejectedBy: Actor;
  /** Why. */
  readonly reason: string;
};

/** `MatchRejected` as it is written. */
export type NewMatchRejected = {
  readonly pairId: string;
  readonly rejectedBy: NewActor;
  readonly reason: string;
};

/** A person who acts for the customer became known. */
export type RelatedContactAdded = {
  /** The related person. */
  readonly contactId: string;
  /** Name of the related person. */
  readonly name: Sealable<string>;
  /** What the person is to the customer's purchases. */
  readonly role: RelatedContactRole | 'UNKNOWN';
};

/** `RelatedContactAdded` as it is written. */
export type NewRelatedContactAdded = {
  readonly contactId: string;
  readonly name: string;
  readonly role: RelatedContactRole;
};

/** A related person no longer acts for the customer. */
export type RelatedContactRetired = {
  /** The related person. */
  readonly contactId: string;
  /** The role that ends. */
  readonly role: RelatedContactRole | 'UNKNOWN';
  /** Why, in the words of the one who recorded it. */
  readonly reason: Sealable<string>;
};

/** `RelatedContactRetired` as it is written. */
export type NewRelatedContactRetired = {
  readonly contactId: string;
  readonly role: RelatedContactRole;
  readonly reason: string;
};

/** The customer's data was handed out as a file. */
export type SubjectDataExported = {
  /** The request. */
  readonly requestId: string;
  /** Format of the file. */
  readonly format: ExportFormat | 'UNKNOWN';
  /** SHA-256 (hex) of the file. */
  readonly artefactSha256: string;
};

/** `SubjectDataExported` as it is written. */
export type NewSubjectDataExported = {
  readonly requestId: string;
  readonly format: ExportFormat;
  readonly artefactSha256: string;
};

/** The keys of the customer's personal data are gone: nobody can read it any more. */
export type SubjectKeysDestroyed = {
  /** The request. */
  readonly requestId: string;
  /** Ids of the destroyed keys. */
  readonly subjectKeyIds: readonly string[];
};

/** `SubjectKeysDestroyed` as it is written. */
export type NewSubjectKeysDestroyed = {
  readonly requestId: string;
  readonly subjectKeyIds: readonly string[];
};

/** Events of `customer` as they are read, by name. */
export type CustomerEvents = {
  readonly AccountOwnerAssigned: AccountOwnerAssigned;
  readonly ConsentGranted: ConsentGranted;
  readonly ConsentWithdrawn: ConsentWithdrawn;
  readonly ContactPointAdded: ContactPointAdded;
  readonly ContactPointRetired: ContactPointRetired;
  readonly ContactPointVerified: ContactPointVerified;
  readonly CustomAttributesSet: CustomAttributesSet;
  readonly CustomerAbsorbed: CustomerAbsorbed;
  readonly CustomerErased: CustomerErased;
  readonly CustomerProfileChanged: CustomerProfileChanged;
  readonly CustomerRegistered: CustomerRegistered;
  readonly CustomerRestored: CustomerRestored;
  readonly CustomersMerged: CustomersMerged;
  readonly CustomersUnmerged: CustomersUnmerged;
  readonly ErasureCancelled: ErasureCancelled;
  readonly ErasureRequested: ErasureRequested;
  readonly ExternalIdentityLinked: ExternalIdentityLinked;
  readonly LegalHoldPlaced: LegalHoldPlaced;
  readonly LegalHoldReleased: LegalHoldReleased;
  readonly MatchApproved: MatchApproved;
  readonly MatchProposed: MatchProposed;
  readonly MatchRejected: MatchRejected;
  readonly RelatedContactAdded: RelatedContactAdded;
  readonly RelatedContactRetired: RelatedContactRetired;
  readonly SubjectDataExported: SubjectDataExported;
  readonly SubjectKeysDestroyed: SubjectKeysDestroyed;
};

/** Facts of `customer` as deciders write them, by name. */
export type CustomerFacts = {
  readonly AccountOwnerAssigned: NewAccountOwnerAssigned;
  readonly ConsentGranted: NewConsentGranted;
  readonly ConsentWithdrawn: NewConsentWithdrawn;
  readonly ContactPointAdded: NewContactPointAdded;
  readonly ContactPointRetired: NewContactPointRetired;
  readonly ContactPointVerified: NewContactPointVerified;
  readonly CustomAttributesSet: NewCustomAttributesSet;
  readonly CustomerAbsorbed: NewCustomerAbsorbed;
  readonly CustomerErased: NewCustomerErased;
  readonly CustomerProfileChanged: NewCustomerProfileChanged;
  readonly CustomerRegistered: NewCustomerRegistered;
  readonly CustomerRestored: NewCustomerRestored;
  readonly CustomersMerged: NewCustomersMerged;
  readonly CustomersUnmerged: NewCustomersUnmerged;
  readonly ErasureCancelled: NewErasureCancelled;
  readonly ErasureRequested: NewErasureRequested;
  readonly ExternalIdentityLinked: NewExternalIdentityLinked;
  readonly LegalHoldPlaced: NewLegalHoldPlaced;
  readonly LegalHoldReleased: NewLegalHoldReleased;
  readonly MatchApproved: NewMatchApproved;
  readonly MatchProposed: NewMatchProposed;
  readonly MatchRejected: NewMatchRejected;
  readonly RelatedContactAdded: NewRelatedContactAdded;
  readonly RelatedContactRetired: NewRelatedContactRetired;
  readonly SubjectDataExported: NewSubjectDataExported;
  readonly SubjectKeysDestroyed: NewSubjectKeysDestroyed;
};
