// All services in one process: `npm start`.
import { runMain } from '@tenure/runtime';

await runMain(import.meta.resolve('./services.ts'));
