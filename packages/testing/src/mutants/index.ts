export { mutantNames, mutated, readMutant, type Gate, type Mutant } from './mutant.ts';
export {
  allMutants,
  quickMutants,
  runMutant,
  runMutants,
  type MutantResult,
  type RunOptions,
} from './run.ts';
