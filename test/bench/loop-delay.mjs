// Loaded into a server before anything else: how late its main thread is. Reset on SIGUSR2; written when it ends.
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  process.on('SIGUSR2', () => delay.reset());
  process.on('exit', () => {
    const ms = (part) => delay.percentile(part) / 1e6;
    writeFileSync(
      process.env.TENURE_BENCH_DELAY ?? '/dev/null',
      JSON.stringify({ p50: ms(50), p99: ms(99), max: delay.max / 1e6 }),
    );
  });
}
