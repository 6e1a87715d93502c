export * from './answers.ts';
export * from './counting.ts';
export * from './lines.ts';
export { MappingSchema, type Kind, type Mapping } from './mapping.ts';
export * from './plan.ts';
export { importedCustomerId, type BatchLine, type PlannedRow, type RowIdentity } from './planned.ts';
export * from './read-mapping.ts';
export { type Row, type RowProblem } from './rows.ts';
