// A vitest run with a mutant in the product: the gate's file alone, in processes of their own.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { mutantPlugin } from './vitest-plugin.ts';

export default defineConfig({
  root: fileURLToPath(new URL('../../../../', import.meta.url)),
  plugins: [mutantPlugin()],
  // A cached module would be read past the plugin, with another mutant's bug in it or with none.
  test: {
    fsModuleCache: false,
    include: ['**/*.{spec,test}.ts'],
    pool: 'forks',
    isolate: true,
    reporters: ['default'],
    bail: 1,
  },
});
