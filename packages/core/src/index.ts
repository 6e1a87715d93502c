export * from './aggregate.ts';
export * from './calls.ts';
export * from './canonical-json.ts';
export * from './clock.ts';
export * from './errors.ts';
export * from './event.ts';
export * from './ids.ts';
