import type { Problem } from './read.ts';
export const compatibilityProblems = (..._: readonly unknown[]): readonly Problem[] => [];
