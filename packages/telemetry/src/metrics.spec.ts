import { describe, expect, it } from 'vitest';
import { createMetrics } from './metrics.ts';

describe('metrics', () => {
  it('keeps what was recorded before the SDK is loaded', async () => {
    const metrics = createMetrics();
    const commands = metrics.counter('commands', { help: 'Commands handled' });
    const took = metrics.histogram('took', { help: 'Time taken', unit: 'ms', buckets: [1, 10] });
    commands.add(2, { route: '/api/orders' });
    commands.add(3, { route: '/api/orders' });
    took.record(5);
    const text = await metrics.text();
    expect(text).toContain('commands_total{route="/api/orders"} 5');
    expect(text).toMatch(/took\w*_bucket\{le="1"\} 0/);
    expect(text).toMatch(/took\w*_bucket\{le="10"\} 1/);
    expect(text).toContain('# HELP commands_total Commands handled');
  });

  it('counts on after the first scrape, also with instruments made later', async () => {
    const metrics = createMetrics();
    await metrics.start();
    const early = metrics.counter('early', { help: 'x' });
    early.add(1);
    expect(await metrics.text()).toContain('early_total 1');
    early.add(1);
    expect(await metrics.text()).toContain('early_total 2');
  });

  it('asks gauges at every scrape, also when the answer takes a while', async () => {
    const metrics = createMetrics();
    let lag = 7;
    metrics.gauge('lag', { help: 'Lag in events' }, async () => {
      await Promise.resolve();
      return [{ value: lag, attributes: { projection: 'orders' } }];
    });
    expect(await metrics.text()).toContain('lag{projection="orders"} 7');
    lag = 0;
    expect(await metrics.text()).toContain('lag{projection="orders"} 0');
  });

  it('loads the SDK by itself rather than keep more than its limit', async () => {
    const metrics = createMetrics();
    const many = metrics.counter('many', { help: 'x' });
    for (let i = 0; i < 10_001; i++) many.add(1);
    await metrics.start();
    expect(await metrics.text()).toContain('many_total 10000');
  });
});
