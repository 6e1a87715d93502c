// Gates that `npm test` does not run: they need files that are not in the repository.
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../../', import.meta.url)),
  test: { include: ['test/verify/**/*.gate.ts'], pool: 'forks', isolate: true },
});
