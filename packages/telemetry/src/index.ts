export * from './metrics.ts';
export * from './spans.ts';
