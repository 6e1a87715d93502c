import { describe, expect, it } from 'vitest';
import { openProgress, progressLine, type Step } from './progress.ts';
import type { World } from './world.ts';

const step: Step = { label: 'import', done: 50, total: 200, rate: 15_000.4, unit: 'rows', eta: 12 };

describe('a line of progress', () => {
  it('shows share, rate and what is left', () => {
    expect(progressLine(step)).toBe('import  ██████░░░░░░░░░░░░░░░░░░ 25 %  15,000 rows/s  12 s left');
  });
  it('leaves out what nobody knows', () => {
    expect(progressLine({ ...step, total: null, eta: null })).toBe('import  15,000 rows/s');
    expect(progressLine({ ...step, done: 0, total: 0, eta: Infinity })).toBe('import  15,000 rows/s');
  });
});

describe('progress on stderr', () => {
  const watched = (attended: boolean) => {
    const texts: string[] = [];
    let now = 0;
    const world = {
      terminal: { attended, columns: 30, colours: false },
      now: () => now,
      err: (text: string) => void texts.push(text),
    } as unknown as World;
    return { progress: openProgress(world), texts, pass: (ms: number) => (now += ms) };
  };

  it('is silent where nobody watches', () => {
    const { progress, texts } = watched(false);
    progress.show(step);
    progress.clear();
    expect(texts).toEqual([]);
  });
  it('draws ten times a second at most, within the width, and goes away', () => {
    const { progress, texts, pass } = watched(true);
    progress.show(step);
    pass(50);
    progress.show(step);
    expect(texts).toHaveLength(1);
    expect(texts[0]?.length).toBe(29 + '\r\x1b[K'.length);
    pass(50);
    progress.show(step);
    progress.clear();
    progress.clear();
    expect(texts).toHaveLength(3);
    expect(texts[2]).toBe('\r\x1b[K');
  });
});
