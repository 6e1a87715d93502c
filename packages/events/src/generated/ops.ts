// Generated from schemas/ by tools/generate.ts: change the schemas, then run it.
import type { Actor, NewActor } from './common.ts';

export type { Actor, NewActor };

export const auditOutcomeSymbols = ['DONE', 'REFUSED'] as const;
/** Whether an audited act was carried out. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type AuditOutcome = (typeof auditOutcomeSymbols)[number];

/** Somebody did, or was refused, something that must be accounted for. */
export type AuditRecorded = {
  /** What was asked for, such as replay.start or customer.read. */
  readonly action: string;
  /** Whether it was done. */
  readonly outcome: AuditOutcome | 'UNKNOWN';
  /** Id of what it was done to; never a name or an address. */
  readonly subject: string;
  /** Names of the personal fields that were shown. */
  readonly fields: readonly string[];
  /** The request it belongs to. */
  readonly requestId: string;
  /** Command line it came from, without the values of personal options. */
  readonly commandLine: string | null;
  /** SHA-256 (hex) over the entry before and this one. */
  readonly chainSha256: string;
};

/** `AuditRecorded` as it is written. */
export type NewAuditRecorded = {
  readonly action: string;
  readonly outcome: AuditOutcome;
  readonly subject: string;
  readonly fields: readonly string[];
  readonly requestId: string;
  readonly commandLine?: string | null | undefined;
  readonly chainSha256: string;
};

/** A file was imported to its end. */
export type ImportRunCompleted = {
  /** The import. */
  readonly importId: string;
  /** System the file comes from. */
  readonly source: string;
  /** Rows that became events. */
  readonly accepted: number;
  /** Rows that changed what was known. */
  readonly updated: number;
  /** Rows that were known already. */
  readonly duplicates: number;
  /** Rows in the report of errors and conflicts. */
  readonly rejected: number;
  /** SHA-256 (hex) of that report. */
  readonly reportSha256: string;
};

/** `ImportRunCompleted` as it is written. */
export type NewImportRunCompleted = {
  readonly importId: string;
  readonly source: string;
  readonly accepted: number;
  readonly updated: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly reportSha256: string;
};

/** Readers of a projection see another generation from now on. */
export type ProjectionSwapped = {
  /** Name of the projection. */
  readonly projection: string;
  /** The generation served before; 0: none. */
  readonly fromGeneration: number;
  /** The generation served now. */
  readonly toGeneration: number;
  /** Documents that differ between the two, when compared. */
  readonly diffRows: number | null;
  /** Who approved it. */
  readonly approvedBy: Actor;
};

/** `ProjectionSwapped` as it is written. */
export type NewProjectionSwapped = {
  readonly projection: string;
  readonly fromGeneration: number;
  readonly toGeneration: number;
  readonly diffRows?: number | null | undefined;
  readonly approvedBy: NewActor;
};

/** A build of a projection has caught up. */
export type ReplayCompleted = {
  /** The replay. */
  readonly replayId: string;
  /** Name of the projection. */
  readonly projection: string;
  /** The generation that was built. */
  readonly generation: number;
  /** Events folded. */
  readonly events: number;
  /** Duration. Canonical decimal number. */
  readonly seconds: string;
  /** Digest (hex) of the documents. */
  readonly stateSha256: string;
};

/** `ReplayCompleted` as it is written. */
export type NewReplayCompleted = {
  readonly replayId: string;
  readonly projection: string;
  readonly generation: number;
  readonly events: number;
  readonly seconds: string;
  readonly stateSha256: string;
};

/** A projection is being built anew from the log. */
export type ReplayStarted = {
  /** The replay. */
  readonly replayId: string;
  /** Name of the projection. */
  readonly projection: string;
  /** The generation that is built. */
  readonly generation: number;
  /** Position it starts after. */
  readonly from: number;
  /** Position it stops at; null: it catches up and stays live. */
  readonly until: number | null;
  /** Version of the rules it is built with, when it is not the one in force. */
  readonly rulesVersion: string | null;
  /** Who asked for it. */
  readonly requestedBy: Actor;
};

/** `ReplayStarted` as it is written. */
export type NewReplayStarted = {
  readonly replayId: string;
  readonly projection: string;
  readonly generation: number;
  readonly from: number;
  readonly until?: number | null | undefined;
  readonly rulesVersion?: string | null | undefined;
  readonly requestedBy: NewActor;
};

/** Events of `ops` as they are read, by name. */
export type OpsEvents = {
  readonly AuditRecorded: AuditRecorded;
  readonly ImportRunCompleted: ImportRunCompleted;
  readonly ProjectionSwapped: ProjectionSwapped;
  readonly ReplayCompleted: ReplayCompleted;
  readonly ReplayStarted: ReplayStarted;
};

/** Facts of `ops` as deciders write them, by name. */
export type OpsFacts = {
  readonly AuditRecorded: NewAuditRecorded;
  readonly ImportRunCompleted: NewImportRunCompleted;
  readonly ProjectionSwapped: NewProjectionSwapped;
  readonly ReplayCompleted: NewReplayCompleted;
  readonly ReplayStarted: NewReplayStarted;
};
