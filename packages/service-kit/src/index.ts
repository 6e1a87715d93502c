export * from './command.ts';
export * from './definition.ts';
export * from './policies.ts';
