export * from './answers.ts';
export * from './counting.ts';
export * from './lines.ts';
export { MappingSchema, type Mapping } from './mapping.ts';
export * from './plan.ts';
export * from './read-mapping.ts';
export { type Row, type RowProblem } from './rows.ts';
