// `tenure clock`: where it stands; closing days where it is settable.
import { isDate, TenureError } from '@tenure/core';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { count } from '../format.ts';
import type { Shell } from '../shell.ts';

export const showClock = async (shell: Shell): Promise<ExitCode> => {
  const { body } = await shell.get('ops', '/ops/clock');
  const { now, businessDay, zone, settable } = body;
  shell.print(
    body,
    `now           ${said(now)}\nbusiness day  ${said(businessDay)} (${said(zone)})\nsettable      ${settable === true ? 'yes' : 'no'}\n`,
  );
  return EXIT.ok;
};

const said = (value: unknown): string => (typeof value === 'string' ? value : 'not set');

export const closeDays = async (shell: Shell, _: object, date = ''): Promise<ExitCode> => {
  if (!isDate(date)) throw new TenureError('USAGE', 'Name the last day to close as YYYY-MM-DD.');
  const answer = await shell.change('admin', '/ops/clock', { closeThrough: date });
  if (answer === null) return EXIT.ok;
  const { closed, fired } = answer.body as { readonly closed?: readonly string[]; readonly fired?: number };
  shell.print(
    answer.body,
    `${count(closed?.length ?? 0, 'day')} closed, ${count(fired ?? 0, 'deadline')} fired\n`,
  );
  return EXIT.ok;
};
