import type { Problem, SchemaFile } from './read.ts';
export const lint = (_files: readonly SchemaFile[]): readonly Problem[] => [];
