// From the schema files to everything that is generated from them, and the check that nothing is stale.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { catalogueOf } from './catalogue.ts';
import { compatibilityProblems } from './compatibility.ts';
import { compiledOf, compiledText } from './compiled.ts';
import { lint } from './lint.ts';
import { candidatesOf, extendLock, LOCK_FILE, lockText, readLock, type LockEntry } from './lock.ts';
import { modelOf, type SchemaModel } from './model.ts';
import { readSchemas, type Problem } from './read.ts';
import { typescriptOf } from './typescript.ts';

const GENERATED = 'packages/events/src/generated';
const CATALOGUE = 'docs/reference/events.md';

/** `events` and `schemas` count what stands; `published`: ids that this run adds to the lock. */
export type SchemaReport = {
  readonly events: number;
  readonly schemas: number;
  readonly published: readonly { readonly id: number; readonly subject: string; readonly version: number }[];
  /** Files that differ from what the schemas give: written by `generateSchemas`, stale in `checkSchemas`. */
  readonly changed: readonly string[];
  /** Nothing is written while there is one. */
  readonly problems: readonly Problem[];
};

/** Lints the schemas below `root`, checks them against every published version, and says which generated files are stale. */
export const checkSchemas = (root: string): SchemaReport => compile(root).report;

/** Does the same and writes the stale files, unless there is a problem. */
export const generateSchemas = (root: string): SchemaReport => {
  const { report, files } = compile(root);
  if (report.problems.length > 0) return report;
  for (const file of report.changed) {
    const text = files.get(file);
    if (text === undefined) rmSync(join(root, file));
    else {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
  }
  return report;
};

type Compiled = { readonly report: SchemaReport; readonly files: ReadonlyMap<string, string> };

const compile = (root: string): Compiled => {
  const { files, problems } = readSchemas(root);
  const lock = readLock(root);
  const faults = [...problems, ...lock.problems, ...lint(files)];
  if (faults.length > 0) return refused(faults, lock.entries);
  const model = modelOf(files);
  const candidates = candidatesOf(model);
  const incompatible = compatibilityProblems(lock.entries, candidates, model);
  if (incompatible.length > 0) return refused(incompatible, lock.entries);
  const entries = extendLock(lock.entries, candidates);
  const generated = filesOf(model, entries);
  const published = entries
    .slice(lock.entries.length)
    .map(({ id, subject, version }) => ({ id, subject, version }));
  const counts = { events: model.events.length, schemas: entries.length };
  return {
    files: generated,
    report: { ...counts, published, changed: changedFiles(root, generated), problems: [] },
  };
};

const refused = (problems: readonly Problem[], entries: readonly LockEntry[]): Compiled => ({
  files: new Map(),
  report: { events: 0, schemas: entries.length, published: [], changed: [], problems },
});

const filesOf = (model: SchemaModel, entries: readonly LockEntry[]): ReadonlyMap<string, string> => {
  const files = new Map<string, string>();
  for (const [name, text] of typescriptOf(model)) files.set(`${GENERATED}/${name}`, text);
  files.set(`${GENERATED}/schemas.json`, compiledText(compiledOf(model, entries)));
  files.set(LOCK_FILE, lockText(entries));
  files.set(CATALOGUE, catalogueOf(model, entries));
  return files;
};

/** Files whose text differs, and generated ones that nothing gives any more. */
const changedFiles = (root: string, files: ReadonlyMap<string, string>): readonly string[] => {
  const folder = join(root, GENERATED);
  const there = existsSync(folder) ? readdirSync(folder).map((name) => `${GENERATED}/${name}`) : [];
  const stale = [...files].filter(([file, text]) => textOf(join(root, file)) !== text).map(([file]) => file);
  return [...stale, ...there.filter((file) => !files.has(file))];
};

const textOf = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8') : undefined;

/** One line per problem: file, field, what to do. */
export const problemText = ({ file, field, problem }: Problem): string =>
  field === null ? `${file}: ${problem}` : `${file}: ${field}: ${problem}`;
