// The hook of a vitest run: vitest loads modules through its own pipeline, so the bug goes in as a transform.
import { fileURLToPath } from 'node:url';
import { inPlace, MUTANT_VARIABLE, mutated, readMutant } from './mutant.ts';

const root = new URL('../../../../', import.meta.url);

/** What of a Vite plugin is used here. */
export type TransformPlugin = {
  readonly name: string;
  readonly enforce: 'pre';
  transform(code: string, id: string): string | undefined;
};

/** Puts the mutant that the environment names into its module; none: changes nothing. */
export const mutantPlugin = (): TransformPlugin => {
  const name = process.env[MUTANT_VARIABLE];
  const mutant =
    name === undefined || name === ''
      ? undefined
      : readMutant(fileURLToPath(new URL('test/mutants', root)), name);
  const target = mutant === undefined ? undefined : fileURLToPath(new URL(mutant.file, root));
  return {
    name: 'tenure-mutant',
    enforce: 'pre',
    transform(code, id) {
      if (mutant === undefined || id.split('?')[0] !== target) return undefined;
      const bugged = mutated(mutant, code);
      process.stderr.write(`${inPlace(mutant.name)}\n`);
      return bugged;
    },
  };
};
