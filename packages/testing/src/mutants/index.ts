export { mutantNames, mutated, readMutant, type Gate, type Mutant } from './mutant.ts';
export { allMutants, runMutant, type MutantResult } from './run.ts';
