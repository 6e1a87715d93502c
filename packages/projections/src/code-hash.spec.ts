import { describe, expect, it } from 'vitest';
import { codeHashOf } from './code-hash.ts';

const texts = (root: string, changes: Readonly<Record<string, string>> = {}): Map<string, string> => {
  const modules = {
    'shop/model.ts': `import { a } from './a.ts';\nimport type { T } from '@tenure/core';\nexport const x = a;`,
    'shop/a.ts': `export * from "../shared/b.ts"; const lazy = () => import('./c.ts');`,
    'shop/c.ts': `import './model.ts';`,
    'shared/b.ts': `export const b = 1;`,
    'shop/unrelated.ts': `export const c = 1;`,
    ...changes,
  };
  return new Map(Object.entries(modules).map(([name, text]) => [`file://${root}/${name}`, text]));
};
const hashIn = (files: Map<string, string>, root: string, version = 1): string =>
  codeHashOf(`file://${root}/shop/model.ts`, version, ({ href }) => {
    const text = files.get(href);
    if (text === undefined) throw new Error(`no module ${href}`);
    return text;
  });

describe('codeHashOf', () => {
  const same = hashIn(texts('/here'), '/here');
  it('is the same wherever the code lies', () => {
    expect(hashIn(texts('/some/other/place'), '/some/other/place')).toBe(same);
    expect(same).toMatch(/^[0-9a-f]{64}$/);
  });
  it.each(['shop/model.ts', 'shop/a.ts', 'shop/c.ts', 'shared/b.ts'])('changes with %s', (name) => {
    const text = texts('/here').get(`file:///here/${name}`) ?? '';
    expect(hashIn(texts('/here', { [name]: `${text} ` }), '/here')).not.toBe(same);
  });
  it('changes with the version, not with what is not imported', () => {
    expect(hashIn(texts('/here'), '/here', 2)).not.toBe(same);
    expect(hashIn(texts('/here', { 'shop/unrelated.ts': '' }), '/here')).toBe(same);
  });
  it('reads real modules', () => {
    expect(codeHashOf(new URL('./rules.ts', import.meta.url), 1)).toMatch(/^[0-9a-f]{64}$/);
  });
});
