// The files of a folder of policies.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isTenureError, TenureError } from '@tenure/core';

export type PolicyFile = { readonly file: string; readonly content: unknown };

/** POLICY_INVALID with file, path (JSON pointer) and reason. */
export const policyInvalid = (file: string, path: string, reason: string): TenureError =>
  new TenureError('POLICY_INVALID', `${file}${path === '' ? '' : ` at ${path}`}: ${reason}`, {
    file,
    path,
    reason,
  });

/** Reference data fits many times over; more is a wrong folder. */
const MAX_FILES = 1_000;
const MAX_BYTES = 1_048_576;

/** Every `*.json` of a folder (`deeper`: also in the folders below), in name order. @throws POLICY_INVALID */
export const readPolicyFolder = async (
  folder: string | URL,
  options: { readonly deeper?: boolean } = {},
): Promise<readonly PolicyFile[]> => {
  const path = folder instanceof URL ? fileURLToPath(folder) : folder;
  const names = await jsonFiles(path, options.deeper === true);
  if (names.length > MAX_FILES) throw policyInvalid(path, '', `holds more than ${MAX_FILES} files`);
  return Promise.all(names.map((name) => readPolicy(join(path, name))));
};

const jsonFiles = async (path: string, deeper: boolean): Promise<readonly string[]> => {
  try {
    const names = await readdir(path, { recursive: deeper });
    return names.filter((name) => name.endsWith('.json')).toSorted();
  } catch (error) {
    throw policyInvalid(path, '', `cannot be read as a folder (${reasonOf(error)})`);
  }
};

const readPolicy = async (file: string): Promise<PolicyFile> => {
  try {
    const { size } = await stat(file);
    if (size > MAX_BYTES) throw policyInvalid(file, '', `is larger than ${MAX_BYTES} bytes`);
    return { file, content: JSON.parse(await readFile(file, 'utf8')) };
  } catch (error) {
    if (isTenureError(error)) throw error;
    throw policyInvalid(file, '', `cannot be read as JSON (${reasonOf(error)})`);
  }
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
