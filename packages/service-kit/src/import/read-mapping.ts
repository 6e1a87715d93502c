// Mappings by name (shipped) or from a file.
import { readdir, readFile } from 'node:fs/promises';
import { isTenureError, TenureError } from '@tenure/core';
import { MappingSchema, type Mapping } from './mapping.ts';

const SHIPPED = new URL('./mappings/', import.meta.url);
const MAX_BYTES = 65_536;

/** The names of the mappings that ship. */
export const shippedMappings = async (): Promise<readonly string[]> =>
  (await readdir(SHIPPED)).map((file) => file.replace(/\.json$/, '')).toSorted();

/**
 * A mapping by its name, or from a file (a path that ends in `.json`).
 * @throws MAPPING_INVALID with data {mapping, path, reason}: not there, not JSON, or a field that is wrong
 */
export const readMapping = async (nameOrFile: string): Promise<Mapping> => {
  const names = await shippedMappings();
  const shipped = names.includes(nameOrFile);
  if (!shipped && !nameOrFile.endsWith('.json'))
    throw mappingInvalid(nameOrFile, '', `is none of ${names.join(', ')} and no .json file`);
  const content = await readJson(nameOrFile, shipped ? new URL(`${nameOrFile}.json`, SHIPPED) : nameOrFile);
  return parseMapping(content, nameOrFile);
};

/** @throws MAPPING_INVALID. `name` says where it came from. */
export const parseMapping = (content: unknown, name: string): Mapping => {
  const parsed = MappingSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = (issue?.path ?? []).map((part) => `/${String(part)}`).join('');
  throw mappingInvalid(name, path, issue?.message ?? 'is not valid');
};

const readJson = async (name: string, file: string | URL): Promise<unknown> => {
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > MAX_BYTES) throw mappingInvalid(name, '', `is longer than ${MAX_BYTES} characters`);
    return JSON.parse(text);
  } catch (error) {
    if (isTenureError(error)) throw error;
    throw mappingInvalid(
      name,
      '',
      `cannot be read as JSON (${error instanceof Error ? error.message : 'unknown'})`,
    );
  }
};

const mappingInvalid = (mapping: string, path: string, reason: string): TenureError =>
  new TenureError('MAPPING_INVALID', `The mapping ${mapping}${path === '' ? '' : ` at ${path}`} ${reason}.`, {
    mapping,
    path,
    reason,
  });
