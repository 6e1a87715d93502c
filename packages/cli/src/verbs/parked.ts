// `tenure parked list|show|retry|skip`.
import { TenureError } from '@tenure/core';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { count, table } from '../format.ts';
import { items } from '../pages.ts';
import { confirm, type Shell } from '../shell.ts';

type Which = { readonly class?: string; readonly key?: string };

type Parked = {
  readonly projection: string;
  readonly generation: number;
  readonly key: string;
  readonly class: string;
  readonly message: string;
  readonly firstPosition: number;
  readonly lastPosition: number;
  readonly events: number;
  readonly attempts: number;
  /** ISO 8601, UTC. */
  readonly since: string;
};

export const listParked = async (shell: Shell, which: Which, name?: string): Promise<ExitCode> => {
  const found = await parkedOf(shell, which, name);
  shell.print(
    { items: found },
    found.length === 0
      ? 'nobody is parked\n'
      : table(
          ['PROJECTION', 'KEY', 'CLASS', 'EVENTS', 'ATTEMPTS', 'SINCE', 'MESSAGE'],
          found.map((row) => [
            row.projection,
            row.key,
            row.class,
            row.events,
            row.attempts,
            row.since,
            row.message,
          ]),
        ),
  );
  return EXIT.ok;
};

export const showParked = async (shell: Shell, which: Which, name = ''): Promise<ExitCode> => {
  const [found] = await parkedOf(shell, which, name);
  if (found === undefined) throw new TenureError('NOT_FOUND', `${which.key ?? ''} is not parked in ${name}.`);
  const text = Object.entries(found)
    .map(([field, value]) => `${field.padEnd(14)}${String(value)}\n`)
    .join('');
  shell.print(found, text);
  return EXIT.ok;
};

const parkedOf = async (shell: Shell, which: Which, name?: string): Promise<readonly Parked[]> => {
  const query = new URLSearchParams({
    ...(name !== undefined && { projection: name }),
    ...(which.class !== undefined && { class: which.class }),
    ...(which.key !== undefined && { key: which.key }),
  });
  return items<Parked>((await shell.get('ops', `/ops/parked?${query.toString()}`)).body);
};

export const retryParked = async (shell: Shell, which: Which, name = ''): Promise<ExitCode> => {
  if (which.key !== undefined && which.class !== undefined)
    throw new TenureError('USAGE', 'Take --key or --class, not both.');
  const base = `/ops/parked/${encodeURIComponent(name)}`;
  const path =
    which.key !== undefined
      ? `${base}/${encodeURIComponent(which.key)}/retry`
      : `${base}/retry${which.class === undefined ? '' : `?class=${encodeURIComponent(which.class)}`}`;
  const answer = await shell.change('ops', path);
  if (answer === null) return EXIT.ok;
  const released = (answer.body['released'] ?? []) as readonly string[];
  const still = await parkedOf(shell, which, name);
  shell.print(
    { projection: name, released, stillParked: still.length },
    `${count(released.length, 'customer')} ${released.length === 1 ? 'flows' : 'flow'} again, ${still.length} still parked\n`,
  );
  return still.length > 0 ? EXIT.failed : EXIT.ok;
};

export const skipParked = async (
  shell: Shell,
  options: { readonly key: string; readonly reason: string },
  name = '',
): Promise<ExitCode> => {
  const { key, reason } = options;
  await confirm(
    shell,
    `${name} will leave out the event that parks ${key}, until there is code that can fold it.`,
    key,
  );
  const path = `/ops/parked/${encodeURIComponent(name)}/${encodeURIComponent(key)}/skip`;
  const answer = await shell.change('ops-approver', path, { reason });
  if (answer === null) return EXIT.ok;
  const { location } = answer.headers;
  shell.print(
    { projection: name, key, skipped: answer.status === 200, ...(location !== undefined && { location }) },
    answer.status === 202
      ? `waits for a second person: ${location ?? ''}\n`
      : `${key} flows again without it\n`,
  );
  return EXIT.ok;
};
