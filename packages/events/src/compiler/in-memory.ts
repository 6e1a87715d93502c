// Schemas that are compiled without files: for tests with made-up events.
import type { CompiledSchemas } from '../schemas.ts';
import { compatibilityProblems } from './compatibility.ts';
import { compiledOf } from './compiled.ts';
import { lint } from './lint.ts';
import { candidatesOf, extendLock, type LockEntry } from './lock.ts';
import { modelOf } from './model.ts';
import type { Problem, SchemaFile } from './read.ts';

export type InMemory = {
  readonly compiled: CompiledSchemas;
  readonly entries: readonly LockEntry[];
  /** With a problem nothing is compiled: `compiled` is empty. */
  readonly problems: readonly Problem[];
};

/** Records by `source/EventName` (or `common/TypeName`), after those that were published before. */
export const compileInMemory = (
  records: Readonly<Record<string, object>>,
  published: readonly LockEntry[] = [],
): InMemory => {
  const files = Object.entries(records).map(([path, json]): SchemaFile => {
    const [folder = '', name = ''] = path.split('/');
    return { file: `schemas/${path}.avsc`, folder, name, json };
  });
  const refused = (problems: readonly Problem[]): InMemory => ({
    compiled: { schemas: [], events: {} },
    entries: published,
    problems,
  });
  const faults = lint(files);
  if (faults.length > 0) return refused(faults);
  const model = modelOf(files);
  const candidates = candidatesOf(model);
  const incompatible = compatibilityProblems(published, candidates, model);
  if (incompatible.length > 0) return refused(incompatible);
  const entries = extendLock(published, candidates);
  return { compiled: compiledOf(model, entries), entries, problems: [] };
};
