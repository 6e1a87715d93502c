// `tenure token`: a bearer token for scripts and people.
import { TenureError } from '@tenure/core';
import { ROLES } from '@tenure/http/access';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { parseSpan } from '../format.ts';
import { dataDirectory, mint } from '../server.ts';
import type { Shell } from '../shell.ts';
import { nearest } from '../words.ts';

export type TokenOptions = {
  readonly ttl: string;
  readonly agent?: string;
  readonly teams?: string;
  readonly sub?: string;
  readonly purpose?: string;
};

/** `service` is the kind; the role names which one: service:order. */
const NAMED = ROLES.filter((role) => role !== 'service');

/** A token cannot be taken back: a month is the most. */
const MAX_TTL_S = 31 * 86_400;

export const token = async (shell: Shell, options: TokenOptions, role = ''): Promise<ExitCode> => {
  const ttl = Math.floor(parseSpan(options.ttl, '--ttl'));
  if (ttl < 1 || ttl > MAX_TTL_S) throw new TenureError('USAGE', '--ttl must be between 1s and 31d.');
  checkRole(role, options);
  const { world } = shell;
  const signed = await mint(world, dataDirectory(world, shell.options), {
    roles: [role],
    sub: options.sub,
    agent: options.agent,
    teams: options.teams
      ?.split(',')
      .map((team) => team.trim())
      .filter((team) => team !== ''),
    purpose: options.purpose,
    ttl,
  });
  const expiresAt = new Date((Math.floor(world.now() / 1000) + ttl) * 1000).toISOString();
  shell.print({ token: signed, role, expiresAt }, `${signed}\n`);
  return EXIT.ok;
};

const checkRole = (role: string, { agent, teams }: TokenOptions): void => {
  const known = NAMED.some((name) => name === role) || /^service:[a-z][a-z0-9-]*$/.test(role);
  if (!known) {
    const meant = nearest(role, NAMED);
    throw new TenureError(
      'USAGE',
      `There is no role ${role}.${meant === null ? '' : ` Did you mean ${meant}?`} There are ${NAMED.join(', ')} and service:NAME.`,
    );
  }
  if (role === 'agent' && agent === undefined)
    throw new TenureError('USAGE', 'A token of an agent says who it is: --agent ID [--teams T1,T2].');
  if (role !== 'agent' && role !== 'supervisor' && teams !== undefined)
    throw new TenureError('USAGE', '--teams belongs to people: roles agent and supervisor.');
};
