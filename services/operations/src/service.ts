// The operations service: the sources `clock` and `ops`, and everything under /ops.
export * from './audit-chain.ts';
export * from './business-clock.ts';
export * from './business-days.ts';
export * from './ledger.ts';
export * from './open.ts';
export * from './ports.ts';

/** The sources this service owns: business days, and what was done to the platform. */
export const operationsSources = ['clock', 'ops'] as const;
