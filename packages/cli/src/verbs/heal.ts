// `tenure heal`: documents written anew from the log.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { TenureError } from '@tenure/core';
import { count } from '../format.ts';
import type { Shell } from '../shell.ts';
import { checkedKeys } from '../words.ts';

export type HealOptions = { readonly key?: readonly string[]; readonly keysFile?: string };

type Healed = { readonly key: string; readonly changed: boolean };

/** What one request of the server takes. */
const KEYS_PER_REQUEST = 1_000;

export const heal = async (shell: Shell, options: HealOptions, projection = ''): Promise<ExitCode> => {
  const keys = checkedKeys([...(options.key ?? []), ...(await keysIn(shell, options.keysFile))]);
  if (keys.length === 0)
    throw new TenureError('USAGE', 'Name customers with --key ID, or a file of ids with --keys-file.');
  const healed: Healed[] = [];
  for (let from = 0; from < keys.length; from += KEYS_PER_REQUEST) {
    const part = keys.slice(from, from + KEYS_PER_REQUEST);
    const answer = await shell.change('ops', '/ops/heal', { projection, keys: part });
    if (answer === null) return EXIT.ok;
    healed.push(...((answer.body['healed'] ?? []) as readonly Healed[]));
  }
  const changed = healed.filter((one) => one.changed);
  shell.print(
    { projection, healed },
    `${count(healed.length, 'document')} folded anew, ${changed.length} of them changed\n${changed.map(({ key }) => `${key}\n`).join('')}`,
  );
  return EXIT.ok;
};

const keysIn = async ({ world }: Shell, file: string | undefined): Promise<readonly string[]> => {
  if (file === undefined) return [];
  try {
    const content = await readFile(resolve(world.cwd, file), 'utf8');
    return content
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw new TenureError('FILE_UNREADABLE', `${file} cannot be read (${code}).`);
  }
};
