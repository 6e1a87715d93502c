import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFaults, textWith } from '../src/faults.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'tenure-faults-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const written = (content: unknown): string => {
  const path = join(folder, 'faults.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const fault = { file: 'packages/runtime/src/repeat.ts', find: 'clearTimeout(timer);', replace: '' };

describe('a file of faults', () => {
  it('holds one or several, and changes the text that is loaded', () => {
    expect(readFaults(written(fault))).toEqual([fault]);
    const faults = readFaults(written([fault]));
    const url = new URL('../src/repeat.ts', import.meta.url);
    expect(textWith([], url)).toContain(fault.find);
    expect(textWith(faults, url)).not.toContain(fault.find);
  });

  it.each([
    ['no JSON', '{'],
    ['a text that is not there', { ...fault, find: 'nowhere' }],
    ['a text that is there twice', { ...fault, find: 'const ' }],
    ['a module outside the product', { ...fault, file: '../etc/passwd' }],
    ['nothing', []],
  ])('that has %s is refused', (_, content) => {
    expect(() => readFaults(written(content))).toThrow(/cannot be used/);
  });
});
