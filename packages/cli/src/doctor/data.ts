// The data directory: who may read and write what.
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { failed, ok, type Finding } from './finding.ts';

export const checkData = (data: string): readonly Finding[] => {
  if (!existsSync(data)) {
    const parent = nearestFolder(data);
    return [
      writable(parent)
        ? ok('data directory', `${data} is not there yet; the first start makes it`)
        : failed(
            'data directory',
            `${data} cannot be made: ${parent} is not writable`,
            'Name another with --data.',
          ),
    ];
  }
  if (!statSync(data).isDirectory())
    return [failed('data directory', `${data} is no folder`, 'Name another one with --data.')];
  const found = writable(data)
    ? ok('data directory', data)
    : failed(
        'data directory',
        `${data} is not writable`,
        `Give it to who runs the server: chown -R USER ${data}`,
      );
  return [found, ...secrets(data)];
};

const secrets = (data: string): readonly Finding[] => {
  const file = join(data, 'secrets.json');
  if (!existsSync(file))
    return existsSync(join(data, 'deployment.json'))
      ? [
          failed(
            'secrets',
            `${file} is missing`,
            'Restore it from a backup: without it nothing sealed can be opened.',
          ),
        ]
      : [];
  const { mode } = statSync(file);
  if ((mode & 0o077) !== 0)
    return [failed('secrets', `${file} can be read by others`, `Close it: chmod 600 ${file}`)];
  return canRead(file)
    ? [ok('secrets', 'readable by the owner alone')]
    : [failed('secrets', `${file} belongs to another user`, 'Run as the user who runs the server.')];
};

/** The first folder above that exists. */
export const nearestFolder = (path: string): string =>
  existsSync(path) || dirname(path) === path ? path : nearestFolder(dirname(path));

const may = (path: string, mode: number): boolean => {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false; // that is the answer
  }
};
const writable = (path: string): boolean => may(path, constants.W_OK | constants.X_OK);
const canRead = (path: string): boolean => may(path, constants.R_OK);
