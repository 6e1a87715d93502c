export * from './command.ts';
export * from './commands/bus.ts';
export { createContextSources, type SourcesDeps } from './commands/sources.ts';
export { fieldsOf, type BodyError } from './commands/body.ts';
export {
  commandIdOf,
  deadlineCommandId,
  eventIdOf,
  naturalId,
  reactionCommandId,
} from './commands/identity.ts';
export { customerMerges } from './customer-merges.ts';
export * from './define-service.ts';
export * from './definition.ts';
export * from './fields.ts';
export * from './list-model.ts';
export * from './following/index.ts';
export * from './issue.ts';
export * from './lookups.ts';
export * from './party-lookup.ts';
export * from './policies.ts';
export { policyBook } from './policies/book.ts';
export { loadPolicies, type LoadedPolicies, type PolicyHashes, type PolicySources } from './policies/load.ts';
export * from './policies/shared.ts';
export * from './projection-service.ts';
export * from './reactions/checkpoints.ts';
export * from './reactions/read-model-checkpoints.ts';
export { startReactions, type ReactionDeps, type RunningReactions } from './reactions/start.ts';
export { createSettling, type SettleDeps } from './reactions/settle.ts';
export { fireTogether, type FiredTogether } from './deadlines/together.ts';
export { followDays } from './deadlines/days.ts';
export { deadlinesName, deadlinesProjection, ownSources } from './deadlines/projection.ts';
export {
  runDeadlines,
  TICK_MS,
  type DeadlineDeps,
  type DeadlineFailure,
  type DueGroup,
  type RunningDeadlines,
} from './deadlines/run.ts';
export { shownNumber } from './shown-number.ts';
