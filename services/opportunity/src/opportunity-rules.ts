// The rules of deals that need more than the stream: pipelines, codes, limits.
import { dateAt, daysBetween, ruleViolated, type CalendarDate, type Money } from '@tenure/core';
import { unmet, type Criterion, type DealFacts } from './criteria.ts';

export type PipelineStage = {
  readonly stageId: string;
  readonly probabilityPct: number;
  readonly limitDays: number;
  readonly edges: readonly { readonly to: string; readonly when: readonly Criterion[] }[];
};

export type Pipeline = {
  readonly version: number;
  readonly kinds: readonly string[];
  readonly stages: readonly PipelineStage[];
};

/** What deciders know beyond the stream. */
export type OpportunityContext = {
  /** The pipeline the deal goes through, in its version; null: there is no such one. */
  readonly pipeline: Pipeline | null;
  readonly reasons: {
    readonly loss: Readonly<Record<string, { readonly needs?: 'competitorId' | undefined }>>;
    readonly abandonment: Readonly<Record<string, unknown>>;
  };
  /** Deals of the customer that are open; asked for where one is opened. */
  readonly openDeals: number;
  /** IANA zone of business dates. */
  readonly zone: string;
};

/** Open at once per customer; parts of one deal (DEFAULTS §12). */
const LIMITS = { openDeals: 100, contacts: 200, competitors: 50 } as const;

/** @throws LIMIT_EXCEEDED when the customer has as many open deals as he may */
export const checkOpenDeals = ({ openDeals }: OpportunityContext): void => {
  if (openDeals >= LIMITS.openDeals)
    throw ruleViolated(
      'LIMIT_EXCEEDED',
      `A customer has at most ${LIMITS.openDeals} open deals; close one first.`,
      { limit: 'openDeals', value: LIMITS.openDeals },
    );
};

/** @throws LIMIT_EXCEEDED when one more would be too many */
export const checkRoom = (limit: 'contacts' | 'competitors', count: number): void => {
  if (count >= LIMITS[limit])
    throw ruleViolated('LIMIT_EXCEEDED', `A deal has at most ${LIMITS[limit]} ${limit}.`, {
      limit,
      value: LIMITS[limit],
    });
};

/** @throws UNKNOWN_PIPELINE, WRONG_PIPELINE */
export const pipelineFor = (
  { kind }: { readonly kind: string | null },
  { pipeline }: OpportunityContext,
): Pipeline => {
  if (pipeline === null)
    throw ruleViolated('UNKNOWN_PIPELINE', 'There is no such pipeline, or not in this version.');
  if (kind !== null && !pipeline.kinds.includes(kind))
    throw ruleViolated('WRONG_PIPELINE', 'Business of this kind does not go through this pipeline.', {
      allowed: pipeline.kinds,
    });
  return pipeline;
};

/** @throws UNKNOWN_STAGE */
export const stageOf = ({ stages }: Pipeline, stageId: string): PipelineStage => {
  const found = stages.find((stage) => stage.stageId === stageId);
  if (found === undefined)
    throw ruleViolated('UNKNOWN_STAGE', 'The pipeline of the deal has no such stage.', {
      allowed: stages.map((stage) => stage.stageId),
    });
  return found;
};

/**
 * The stage to which the deal may move.
 * @throws UNKNOWN_STAGE, NO_SUCH_EDGE with the stages that can be reached, EXIT_CRITERIA_UNMET with what is missing
 */
export const checkExit = (
  deal: DealFacts & { readonly kind: string | null },
  from: string,
  to: string,
  context: OpportunityContext & { readonly today: CalendarDate },
): PipelineStage => {
  const pipeline = pipelineFor(deal, context);
  const target = stageOf(pipeline, to);
  const { edges } = stageOf(pipeline, from);
  const edge = edges.find((one) => one.to === to);
  if (edge === undefined)
    throw ruleViolated('NO_SUCH_EDGE', 'The pipeline does not lead from the stage of the deal to this one.', {
      allowed: edges.map((one) => one.to),
    });
  const missing = unmet(edge.when, deal, context.today);
  if (missing.length > 0)
    throw ruleViolated('EXIT_CRITERIA_UNMET', 'The deal does not fulfil what this step asks for.', {
      unmet: missing,
    });
  return target;
};

/** @throws CURRENCY_MISMATCH: a deal is in one currency */
export const sameCurrency = (amount: Money | null, other: Money): void => {
  if (amount !== null && amount.currency !== other.currency)
    throw ruleViolated('CURRENCY_MISMATCH', `The deal was opened in ${amount.currency} and stays in it.`, {
      currency: amount.currency,
    });
};

/** @throws UNKNOWN_REASON with the codes of the policy */
export const checkReason = (code: string, codes: Readonly<Record<string, unknown>>): void => {
  if (!Object.hasOwn(codes, code))
    throw ruleViolated('UNKNOWN_REASON', 'The reason code is not in the policy of deals.', {
      allowed: Object.keys(codes),
    });
};

/** @throws UNKNOWN_REASON, COMPETITOR_REQUIRED */
export const checkLossReason = (
  {
    reasonCode,
    competitorId,
  }: { readonly reasonCode: string; readonly competitorId?: string | null | undefined },
  { reasons: { loss } }: OpportunityContext,
): void => {
  checkReason(reasonCode, loss);
  if (loss[reasonCode]?.needs === 'competitorId' && !competitorId)
    throw ruleViolated(
      'COMPETITOR_REQUIRED',
      'Name the competitor (competitorId) to whom the deal was lost.',
    );
};

/** Days from the date of an instant to a date, at least 0. */
export const daysBefore = (since: number, date: CalendarDate, zone: string): number =>
  Math.max(0, daysBetween(dateAt(since, zone), date));
