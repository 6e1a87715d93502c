// schemas/registry.lock.json: every schema that was ever published, with its id. It only grows.
import { hash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishedSchema } from '../schemas.ts';
import type { AvroJson } from '../shape.ts';
import { isJson } from './json.ts';
import { blockName, subjectOf, type SchemaModel } from './model.ts';
import type { Problem } from './read.ts';

export const LOCK_FILE = 'schemas/registry.lock.json';

/** `sha256`: of the normalised schema's JSON. */
export type LockEntry = PublishedSchema & { readonly sha256: string };

/** A schema as the files say it now. */
export type Candidate = { readonly subject: string; readonly file: string; readonly schema: AvroJson };

export const sha256Of = (schema: AvroJson): string => hash('sha256', JSON.stringify(schema), 'hex');

/** All entries in the order of their ids; none when the lock does not exist yet. */
export const readLock = (
  root: string,
): { readonly entries: readonly LockEntry[]; readonly problems: readonly Problem[] } => {
  const path = join(root, LOCK_FILE);
  if (!existsSync(path)) return { entries: [], problems: [] };
  const entries = parse(readFileSync(path, 'utf8'));
  return entries === undefined
    ? {
        entries: [],
        problems: [broken('is not a readable lock: restore it from version control; never rebuild it.')],
      }
    : { entries, problems: faultsOf(entries) };
};

const parse = (text: string): readonly LockEntry[] | undefined => {
  try {
    const lock = JSON.parse(text) as unknown;
    const entries = isJson(lock) ? lock['schemas'] : undefined;
    return Array.isArray(entries) && entries.every(isEntry) ? entries : undefined;
  } catch {
    return undefined; // reported by the caller
  }
};

const isEntry = (entry: unknown): entry is LockEntry =>
  isJson(entry) &&
  typeof entry['subject'] === 'string' &&
  typeof entry['sha256'] === 'string' &&
  isJson(entry['schema']);

const broken = (problem: string): Problem => ({ file: LOCK_FILE, field: null, problem });

/** An id stands for one schema for ever: an entry that was edited, or an id that two branches gave, is refused. */
const faultsOf = (entries: readonly LockEntry[]): readonly Problem[] => {
  const problems: Problem[] = [];
  const versions = new Map<string, number>();
  entries.forEach((entry, index) => {
    const where = `id ${entry.id} (${entry.subject})`;
    const version = (versions.get(entry.subject) ?? 0) + 1;
    versions.set(entry.subject, version);
    if (entry.sha256 !== sha256Of(entry.schema))
      problems.push(broken(`${where} is not the schema that was published: restore the entry.`));
    if (entry.id !== index + 1 || entry.version !== version)
      problems.push(
        broken(`${where} is out of order, as after a merge: take the other side's lock, then generate anew.`),
      );
  });
  return problems;
};

/** The schemas to be published: the stored form of each event, and the form of its sealed block. */
export const candidatesOf = (model: SchemaModel): readonly Candidate[] =>
  model.events.flatMap((event) => {
    const file = `schemas/${event.source}/${event.name}.avsc`;
    const stored = { subject: subjectOf(event.source, event.record.name), file, schema: event.stored };
    if (event.block === null) return [stored];
    const subject = subjectOf(event.source, blockName(event.source, event.name));
    return [stored, { subject, file, schema: event.block }];
  });

/** The lock with the candidates that it does not hold as the newest version of their subject. */
export const extendLock = (
  entries: readonly LockEntry[],
  candidates: readonly Candidate[],
): readonly LockEntry[] => {
  const next = [...entries];
  for (const { subject, schema } of candidates) {
    const sha256 = sha256Of(schema);
    const newest = next.findLast((entry) => entry.subject === subject);
    if (newest?.sha256 === sha256) continue;
    next.push({ id: next.length + 1, subject, version: (newest?.version ?? 0) + 1, sha256, schema });
  }
  return next;
};

/** One entry per line, so that a difference shows what was published. */
export const lockText = (entries: readonly LockEntry[]): string => {
  const lines = entries.map(({ id, subject, version, sha256, schema }) =>
    JSON.stringify({ id, subject, version, sha256, schema }),
  );
  return `{\n"schemas": [\n${lines.join(',\n')}\n]\n}\n`;
};
