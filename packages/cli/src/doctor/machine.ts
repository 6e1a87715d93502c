// Node and the variables of the environment.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { nearest } from '../words.ts';
import type { World } from '../world.ts';
import { failed, ok, warning, type Finding } from './finding.ts';

/** What a server or the command line reads. */
const VARIABLES = [
  'TENURE_ALLOW_FAULTS',
  'TENURE_DATA',
  'TENURE_EMPTY',
  'TENURE_EVENT_LOG',
  'TENURE_EVENT_STORE',
  'TENURE_FAULTS',
  'TENURE_KEY_STORE',
  'TENURE_MODE',
  'TENURE_PARTITIONS',
  'TENURE_POLICIES',
  'TENURE_PORT',
  'TENURE_READ_MODELS',
  'TENURE_SETTABLE_CLOCK',
  'TENURE_STORE_PLACEMENT',
  'TENURE_TOKEN',
  'TENURE_URL',
] as const;

/** Adapters by URL: the schemes that there are. */
const SCHEMES: Readonly<Record<string, string>> = {
  TENURE_EVENT_STORE: 'sqlite:',
  TENURE_EVENT_LOG: 'segments:',
  TENURE_READ_MODELS: 'sqlite:',
  TENURE_KEY_STORE: 'sqlite:',
};

export const checkMachine = (world: World): readonly Finding[] => [node(world), ...variables(world.env)];

const node = ({ root }: World): Finding => {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly engines: { readonly node: string };
  };
  const wanted = engines.node.replace('>=', '');
  return atLeast(process.versions.node, wanted)
    ? ok('Node', process.version)
    : failed(
        'Node',
        `${process.version} is older than ${wanted}`,
        'Start with ./tenure or npm: they bring their own.',
      );
};

export const atLeast = (version: string, minimum: string): boolean =>
  version.localeCompare(minimum, 'en', { numeric: true }) >= 0;

export const variables = (env: World['env']): readonly Finding[] => {
  const given = Object.entries(env).filter(([name]) => name.startsWith('TENURE_'));
  const findings = given.flatMap(([name, value = '']): readonly Finding[] => {
    if (!VARIABLES.some((known) => known === name)) {
      const meant = nearest(name, VARIABLES);
      const hint = meant === null ? 'Remove it.' : `Did you mean ${meant}?`;
      return [warning('configuration', `${name} means nothing here`, hint)];
    }
    const scheme = SCHEMES[name];
    return scheme === undefined || value === '' || value.startsWith(scheme)
      ? []
      : [failed('configuration', `${name} must start with ${scheme}`, `Write ${name}=${scheme}PATH.`)];
  });
  return findings.length > 0 ? findings : [ok('configuration', `${given.length} variables, all known`)];
};
