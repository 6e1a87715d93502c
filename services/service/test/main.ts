// The service desk in a process of its own.
import { runMain } from '../../../packages/runtime/src/index.ts';

await runMain(import.meta.resolve('./platform.ts'));
