export * from './event-log.ts';
export * from './partition.ts';
export * from './pause.ts';
export * from './reached.ts';
export * from './remote.ts';
