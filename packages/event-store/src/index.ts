export * from './event-store.ts';
export { MAX_BODY_BYTES, MAX_EVENTS_PER_APPEND, MAX_NAME_LENGTH, wrongExpectedRevision } from './append.ts';
export { memoryEventStore } from './memory.ts';
