// What is installed for production, from the lockfile: third-party packages that a package or service asks for, at any depth.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './pages.ts';

/** `name@version` of every package, once. */
export const productionPackages = (): ReadonlySet<string> => {
  const { asked, needs } = readLockfile(readFileSync(join(root, 'pnpm-lock.yaml'), 'utf8'));
  const found = new Map<string, string>();
  const waiting = [...asked];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.set(next, next.replace(/\(.*$/, '')); // peers in brackets make no other package
    waiting.push(...(needs.get(next) ?? []));
  }
  return new Set(found.values());
};

type Lockfile = {
  readonly asked: readonly string[];
  readonly needs: ReadonlyMap<string, readonly string[]>;
};

/** The two parts of a lockfile (version 9) that matter, by their indentation. */
const readLockfile = (text: string): Lockfile => {
  const asked: string[] = [];
  const needs = new Map<string, string[]>();
  let [part, owner, kind, name] = ['', '', '', ''];
  for (const line of text.split('\n')) {
    const [, indent = '', key = '', value = ''] = /^( *)'?([^':]+)'?:\s*'?([^']*)'?$/.exec(line) ?? [];
    if (key === '') continue;
    if (indent.length === 0) part = key;
    else if (indent.length === 2) owner = key;
    else if (indent.length === 4) kind = key;
    else if (indent.length === 6) name = key;
    if (!/^(dependencies|optionalDependencies)$/.test(kind)) continue;
    if (part === 'importers' && owner !== '.' && indent.length === 8 && key === 'version' && isOther(value))
      asked.push(`${name}@${value}`);
    if (part === 'snapshots' && indent.length === 6)
      needs.set(owner, [...(needs.get(owner) ?? []), `${key}@${value}`]);
  }
  return { asked, needs };
};

const isOther = (version: string): boolean => !version.startsWith('link:');
