export * from './cached.ts';
export * from './key-store.ts';
export * from './memory.ts';
export * from './random.ts';
export * from './remote.ts';
