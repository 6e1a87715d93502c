export { checkSchemas, generateSchemas, problemText, type SchemaReport } from './generate.ts';
export type { Problem } from './read.ts';
export { compileInMemory, type InMemory } from './in-memory.ts';
