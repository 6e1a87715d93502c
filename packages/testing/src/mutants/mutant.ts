// A mutant: one seeded bug in the product, as a piece of text and what replaces it.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The environment variable that names the mutant to run with. */
export const MUTANT_VARIABLE = 'TENURE_MUTANT';

/**
 * `gate`: what must fail with this bug. `vitest`: a test file · `simulation`, `lifecycle`: a number of schedules from
 * seed 1.
 */
export type Gate =
  | { readonly vitest: string }
  | { readonly simulation: number }
  | { readonly lifecycle: number };

export type Mutant = {
  readonly name: string;
  /** What the bug is, in a sentence. */
  readonly bug: string;
  /** The module, from the root of the repository. */
  readonly file: string;
  /** Stands in the module exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly gate: Gate;
};

const isText = (value: unknown): value is string => typeof value === 'string' && value.length > 0;

const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0;

const isGate = (gate: unknown): gate is Gate =>
  typeof gate === 'object' &&
  gate !== null &&
  (('vitest' in gate && isText(gate.vitest)) ||
    ('simulation' in gate && isCount(gate.simulation)) ||
    ('lifecycle' in gate && isCount(gate.lifecycle)));

/** Reads the mutant of this name. Throws when there is none or its file is malformed. */
export const readMutant = (folder: string, name: string): Mutant => {
  const raw = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Readonly<
    Record<string, unknown>
  >;
  const { bug, file, find, replace, gate } = raw;
  if (!isText(bug) || !isText(file) || !isText(find) || typeof replace !== 'string' || !isGate(gate))
    throw new Error(`test/mutants/${name}.json is no mutant: it needs bug, file, find, replace, gate`);
  return { name, bug, file, find, replace, gate };
};

/** Names of all mutants, in order. */
export const mutantNames = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .toSorted();

/** The source with the bug in it. Throws unless `find` stands there exactly once: then the mutant is out of date. */
export const mutated = ({ name, file, find, replace }: Mutant, source: string): string => {
  const parts = source.split(find);
  if (parts.length !== 2)
    throw new Error(
      `mutant ${name}: its text stands ${parts.length - 1} times in ${file}, it must stand there once`,
    );
  return parts.join(replace);
};

/** What a process prints when the bug has gone into its module: a gate that never loads the module proves nothing. */
export const inPlace = (name: string): string => `mutant ${name} is in place`;
