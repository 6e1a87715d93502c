// Reads the sources of the workspace: path, text, imports.
import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export type SourceFile = {
  /** Relative to the root, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly lines: number;
  readonly imports: readonly string[];
  /** `packages/core` and the like; the first two segments. */
  readonly room: string;
  readonly isTest: boolean;
};

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'";]*?from\s+['"]([^'"]+)['"]|(?:^|\n)\s*import\s+['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

const importsOf = (text: string): readonly string[] =>
  [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');

const read = (path: string): SourceFile => {
  const text = readFileSync(join(root, path), 'utf8');
  return {
    path,
    text,
    lines: text.split('\n').length - 1,
    imports: importsOf(text),
    room: path.split('/').slice(0, 2).join('/'),
    isTest: /\.(spec|test)\.ts$|\/test\//.test(path),
  };
};

/** Every TypeScript file of packages, services, test, tools and infra, without dependencies and generated files. */
export const sources = (): readonly SourceFile[] =>
  globSync('{packages,services,test,tools,infra}/**/*.{ts,mjs}', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !/node_modules|\/generated\//.test(path))
    .toSorted()
    .map(read);
