import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mutantNames, mutated, readMutant } from './mutant.ts';

const root = new URL('../../../../', import.meta.url);
const folder = fileURLToPath(new URL('test/mutants', root));
const mutant = { name: 'm', bug: 'b', file: 'f.ts', find: 'a()', replace: 'b()', gate: { simulation: 1 } };

describe('a mutant', () => {
  it('replaces text that stands there once, and refuses any other number', () => {
    expect(mutated(mutant, 'x; a(); y;')).toBe('x; b(); y;');
    expect(() => mutated(mutant, 'x;')).toThrow(/stands 0 times/);
    expect(() => mutated(mutant, 'a(); a();')).toThrow(/stands 2 times/);
    expect(mutated({ ...mutant, replace: "$& $1 $'" }, 'a()')).toBe("$& $1 $'");
  });

  it.each(mutantNames(folder))('%s fits the product', (name) => {
    const one = readMutant(folder, name);
    const source = readFileSync(new URL(one.file, root), 'utf8');
    const bugged = mutated(one, source);
    expect(bugged).not.toBe(source);
    expect(() => stripTypeScriptTypes(bugged)).not.toThrow();
  });
});
