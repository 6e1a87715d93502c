// The hash of a definition's code: its module with everything local that it imports. Another hash is another meaning.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { canonicalJson } from '@tenure/core';

/** Modules that one definition pulls in: far more means that the walk has left the service. */
const MAX_MODULES = 500;

// `from './x.ts'`, `import './x.ts'` and `import('./x.ts')`; only relative modules are the definition's own.
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g;

/**
 * SHA-256 (hex) over the texts of a module and of its relative imports, at any depth, and the version of the definition.
 * Paths are relative to the module, so the place of the installation does not matter. `read` gives the text of a module
 * as it is loaded (a loader hook may change it). @throws what `read` throws.
 */
export const codeHashOf = (
  moduleUrl: string | URL,
  version: number,
  read: (url: URL) => string = (url) => readFileSync(url, 'utf8'),
): string => {
  const start = new URL(moduleUrl);
  const texts = new Map<string, string>();
  const waiting = [start];
  for (let url = waiting.pop(); url !== undefined; url = waiting.pop()) {
    const name = relative(start, url);
    if (texts.has(name)) continue;
    if (texts.size >= MAX_MODULES)
      throw new RangeError(`${start.pathname} imports more than ${MAX_MODULES} modules`);
    const text = read(url);
    texts.set(name, text);
    for (const [, specifier = ''] of text.matchAll(IMPORT)) waiting.push(new URL(specifier, url));
  }
  return createHash('sha256')
    .update(canonicalJson({ version, modules: Object.fromEntries(texts) }))
    .digest('hex');
};

/** A name for a module that is the same wherever the code lies. */
const relative = (from: URL, to: URL): string => {
  const base = from.pathname.split('/').slice(0, -1);
  const path = to.pathname.split('/');
  let common = 0;
  while (common < base.length && base[common] === path[common]) common++;
  return [...base.slice(common).map(() => '..'), ...path.slice(common)].join('/');
};
