// Reads schemas/**: one file per event or shared type, in folders named after their source.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Something that must be put right in a schema file: where, and what to do about it. */
export type Problem = {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Dotted path of the field; null: the file as a whole. */
  readonly field: string | null;
  readonly problem: string;
};

export type SchemaFile = {
  readonly file: string;
  /** The folder: a source, or `common`. */
  readonly folder: string;
  /** The file's name without `.avsc`: must be the name of what it defines. */
  readonly name: string;
  /** Parsed JSON; undefined when it is none. */
  readonly json: unknown;
};

/** The folder of what several sources share. */
export const COMMON = 'common';

/** All schema files below `root`/schemas, in the order of their paths, and what could not be read. */
export const readSchemas = (
  root: string,
): { readonly files: readonly SchemaFile[]; readonly problems: readonly Problem[] } => {
  const problems: Problem[] = [];
  const files: SchemaFile[] = [];
  if (!existsSync(join(root, 'schemas')))
    return {
      files,
      problems: [
        { file: 'schemas', field: null, problem: 'does not exist: run this in the root of the repository.' },
      ],
    };
  const folders = readdirSync(join(root, 'schemas'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
  for (const folder of folders)
    for (const found of readdirSync(join(root, 'schemas', folder), { withFileTypes: true })) {
      const entry = found.name;
      const file = `schemas/${folder}/${entry}`;
      if (!entry.endsWith('.avsc') || !found.isFile()) {
        problems.push({
          file,
          field: null,
          problem: 'is no .avsc file; only schemas belong here: move it away.',
        });
        continue;
      }
      const json = parse(readFileSync(join(root, file), 'utf8'));
      if (json === undefined)
        problems.push({ file, field: null, problem: 'is not valid JSON: correct its syntax.' });
      else files.push({ file, folder, name: entry.slice(0, -'.avsc'.length), json });
    }
  return { files: files.toSorted((a, b) => (a.file < b.file ? -1 : 1)), problems };
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // reported by the caller with the file's name
  }
};
