// Generated from schemas/ by tools/generate.ts: change the schemas, then run it.
import type { RiskLevel } from './common.ts';

export type { RiskLevel };

export const churnModeSymbols = ['CONTRACTUAL', 'NON_CONTRACTUAL'] as const;
/** How a customer was lost. A reader may also meet UNKNOWN, which stands for a newer symbol. */
export type ChurnMode = (typeof churnModeSymbols)[number];

/** The published risk level of the customer changed. */
export type ChurnRiskChanged = {
  /** Level published before. */
  readonly fromLevel: RiskLevel | 'UNKNOWN';
  /** Level published from now on. */
  readonly toLevel: RiskLevel | 'UNKNOWN';
  /** Score from 0 to 100. */
  readonly score: number;
  /** The three signals that contribute most. */
  readonly topSignalIds: readonly string[];
  /** Model and version that scored, such as lead-scoring@1. */
  readonly modelVersion: string;
  /** Instant of the assessment: that of the event, or the end of the closed day. Milliseconds since the epoch, UTC. */
  readonly evaluatedAt: number;
};

/** `ChurnRiskChanged` as it is written. */
export type NewChurnRiskChanged = {
  readonly fromLevel: RiskLevel;
  readonly toLevel: RiskLevel;
  readonly score: number;
  readonly topSignalIds: readonly string[];
  readonly modelVersion: string;
  readonly evaluatedAt: number;
};

/** A sign of churn no longer holds. */
export type ChurnSignalCleared = {
  /** The signal; the same from raising to clearing. */
  readonly signalId: string;
  /** Code of the rule. */
  readonly code: string;
  /** Ids of the newest events that speak for it, at most 20. */
  readonly evidence: readonly string[];
  /** Instant of the assessment: that of the event, or the end of the closed day. Milliseconds since the epoch, UTC. */
  readonly evaluatedAt: number;
};

/** `ChurnSignalCleared` as it is written. */
export type NewChurnSignalCleared = {
  readonly signalId: string;
  readonly code: string;
  readonly evidence: readonly string[];
  readonly evaluatedAt: number;
};

/** A sign of churn holds for the customer, or holds more or less strongly than before. */
export type ChurnSignalRaised = {
  /** The signal; the same from raising to clearing. */
  readonly signalId: string;
  /** Code of the rule. */
  readonly code: string;
  /** Version of that rule. */
  readonly ruleVersion: number;
  /** 1 low, 2 medium, 3 high, 4 critical. */
  readonly severity: number;
  /** Weight of the rule. Canonical decimal number. */
  readonly weight: string;
  /** Ids of the newest events that speak for it, at most 20. */
  readonly evidence: readonly string[];
  /** What was measured, as JSON by name. */
  readonly observed: Readonly<Record<string, string>>;
  /** What it was measured against, as JSON by name. */
  readonly threshold: Readonly<Record<string, string>>;
  /** Instant of the assessment: that of the event, or the end of the closed day. Milliseconds since the epoch, UTC. */
  readonly evaluatedAt: number;
};

/** `ChurnSignalRaised` as it is written. */
export type NewChurnSignalRaised = {
  readonly signalId: string;
  readonly code: string;
  readonly ruleVersion: number;
  readonly severity: number;
  readonly weight: string;
  readonly evidence: readonly string[];
  readonly observed: Readonly<Record<string, string>>;
  readonly threshold: Readonly<Record<string, string>>;
  readonly evaluatedAt: number;
};

/** The customer counts as lost by the definition of churn. */
export type CustomerChurned = {
  /** By contract or by behaviour. */
  readonly mode: ChurnMode | 'UNKNOWN';
  /** Closed day on which it first held. YYYY-MM-DD. */
  readonly churnedOn: string;
  /** Version of the definition of churn. */
  readonly definitionVersion: number;
  /** Ids of the newest events that speak for it, at most 20. */
  readonly evidence: readonly string[];
};

/** `CustomerChurned` as it is written. */
export type NewCustomerChurned = {
  readonly mode: ChurnMode;
  readonly churnedOn: string;
  readonly definitionVersion: number;
  readonly evidence: readonly string[];
};

/** A lost customer ordered again. */
export type CustomerReactivated = {
  /** The order that brought the customer back. */
  readonly byEventId: string;
  /** Days between the two orders around it. */
  readonly daysAway: number;
};

/** `CustomerReactivated` as it is written. */
export type NewCustomerReactivated = {
  readonly byEventId: string;
  readonly daysAway: number;
};

/** Events of `churn` as they are read, by name. */
export type ChurnEvents = {
  readonly ChurnRiskChanged: ChurnRiskChanged;
  readonly ChurnSignalCleared: ChurnSignalCleared;
  readonly ChurnSignalRaised: ChurnSignalRaised;
  readonly CustomerChurned: CustomerChurned;
  readonly CustomerReactivated: CustomerReactivated;
};

/** Facts of `churn` as deciders write them, by name. */
export type ChurnFacts = {
  readonly ChurnRiskChanged: NewChurnRiskChanged;
  readonly ChurnSignalCleared: NewChurnSignalCleared;
  readonly ChurnSignalRaised: NewChurnSignalRaised;
  readonly CustomerChurned: NewCustomerChurned;
  readonly CustomerReactivated: NewCustomerReactivated;
};
