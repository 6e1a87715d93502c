// Run with `node --import` this file and TENURE_MUTANT=<name>: every thread of the process loads the product with that
// bug in it. Without the variable nothing is changed.
import { registerHooks } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { inPlace, MUTANT_VARIABLE, mutated, readMutant } from './mutant.ts';

const root = new URL('../../../../', import.meta.url);
const name = process.env[MUTANT_VARIABLE];

if (name !== undefined && name !== '') {
  const mutant = readMutant(fileURLToPath(new URL('test/mutants', root)), name);
  const target = pathToFileURL(fileURLToPath(new URL(mutant.file, root))).href;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url.split('?')[0] !== target) return loaded;
      const { source } = loaded;
      if (source === undefined || source === null)
        throw new Error(`mutant ${mutant.name}: ${mutant.file} was loaded without its source`);
      const text = typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8');
      const bugged = mutated(mutant, text);
      process.stderr.write(`${inPlace(mutant.name)}\n`);
      return { ...loaded, source: bugged };
    },
  });
}
