import type { KeyStore } from '@tenure/keys';
import { codeOf, secretOf } from './key-file.ts';

/** What the lines of `creating-process.ts` promise and the store does not hold; a destroyed key must be refused for ever. */
export const brokenPromises = async (
  store: KeyStore,
  said: readonly string[],
): Promise<readonly string[]> => {
  const broken: string[] = [];
  for (const line of said) {
    const [what, id = '', secret] = line.split(' ');
    const key = (await store.load([id])).get(id);
    const held =
      what === 'created'
        ? secretOf(key) === secret
        : key === undefined && (await codeOf(store.ensure([id]))) === 'KEYS_DESTROYED';
    if (!held) broken.push(line);
  }
  return broken;
};
