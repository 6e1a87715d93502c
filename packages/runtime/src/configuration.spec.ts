import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfiguration } from './configuration.ts';

const refusal = (args: readonly string[], env: NodeJS.ProcessEnv = {}): string => {
  try {
    readConfiguration(args, env);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'accepted';
};

describe('the configuration of a server', () => {
  it('is what a laptop wants when nothing is said', () => {
    expect(readConfiguration([], {})).toMatchObject({
      port: 7400,
      data: resolve('.data'),
      mode: 'embedded',
      settableClock: false,
      storePlacement: 'worker',
      folders: { events: resolve('.data/events'), keys: resolve('.data/keys') },
    });
  });

  it('takes flags before the environment', () => {
    const env = { TENURE_PORT: '1', TENURE_DATA: '/elsewhere', TENURE_SETTABLE_CLOCK: '1' };
    expect(readConfiguration(['--port', '2'], env)).toMatchObject({
      port: 2,
      data: '/elsewhere',
      settableClock: true,
    });
  });

  it('puts each engine where its URL says', () => {
    const { folders } = readConfiguration([], {
      TENURE_EVENT_LOG: 'segments:/logs',
      TENURE_READ_MODELS: 'sqlite:/models',
    });
    expect(folders).toMatchObject({ log: '/logs', models: '/models' });
  });

  it('names every wrong setting and how to write it', () => {
    const text = refusal(['--port', 'high', '--mode', 'distributed'], { TENURE_EVENT_LOG: 'kafka://a:9092' });
    for (const part of ['port', 'mode: must be embedded', 'eventLog: must be segments:PATH', 'usage: serve'])
      expect(text).toContain(part);
  });

  it('refuses unknown flags and words', () => {
    expect(refusal(['--prot', '1'])).toContain("Unknown option '--prot'");
    expect(refusal(['now'])).toContain('now');
  });

  it('breaks nothing on purpose unless that is allowed', () => {
    expect(refusal(['--faults', 'f.json'])).toContain('TENURE_ALLOW_FAULTS=1');
    expect(readConfiguration(['--faults', 'f.json'], { TENURE_ALLOW_FAULTS: '1' }).faults).toBe('f.json');
  });
});
