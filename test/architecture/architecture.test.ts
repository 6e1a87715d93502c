import { basename, dirname, normalize } from 'node:path/posix';
import { describe, expect, it } from 'vitest';
import { adapterDoors, drivers, edgeFiles, impure, mayImport, servicesMayImport } from './rooms.ts';
import { sources, type SourceFile } from './sources.ts';

const files = sources();
const product = files.filter((file) => !file.isTest && /^(packages|services)\//.test(file.path));
const inRoom = (kind: 'packages' | 'services') => product.filter((file) => file.path.startsWith(`${kind}/`));
const nameOf = (file: SourceFile): string => basename(file.room);
const workspaceImports = (file: SourceFile): readonly string[] =>
  file.imports.filter((name) => name.startsWith('@tenure/')).map((name) => name.split('/')[1] ?? '');

/** Path and reason of every file that breaks a rule: empty means the rule holds. */
const violations = (
  checked: readonly SourceFile[],
  broken: (file: SourceFile) => readonly string[],
): readonly string[] => checked.flatMap((file) => broken(file).map((what) => `${file.path}: ${what}`));

describe('the house', () => {
  it('has sources to check', () => {
    expect(product.length).toBeGreaterThan(50);
  });

  it('lets packages import only along the arrows', () => {
    const checked = inRoom('packages').filter(
      (file) => nameOf(file) !== 'testing' && nameOf(file) !== 'demo',
    );
    expect(
      violations(checked, (file) =>
        workspaceImports(file).filter(
          (name) => name !== nameOf(file) && !mayImport[nameOf(file)]?.includes(name),
        ),
      ),
    ).toEqual([]);
  });

  it('keeps services apart from each other, from adapters and from the runtime', () => {
    const checked = inRoom('services').filter(
      (file) => nameOf(file) !== 'platform' && !file.path.endsWith('/main.ts'),
    );
    expect(
      violations(checked, (file) =>
        workspaceImports(file).filter((name) => !servicesMayImport.includes(name)),
      ),
    ).toEqual([]);
  });

  it('opens adapter doors only from the runtime, the command line and the package itself', () => {
    const checked = product.filter((file) => !['runtime', 'cli', 'testing'].includes(nameOf(file)));
    expect(violations(checked, (file) => file.imports.filter((name) => adapterDoors.includes(name)))).toEqual(
      [],
    );
  });

  it('lets nothing but tests import testing', () => {
    const checked = product.filter((file) => nameOf(file) !== 'testing');
    expect(
      violations(checked, (file) => workspaceImports(file).filter((name) => name === 'testing')),
    ).toEqual([]);
  });

  it('never leaves a room by a relative import', () => {
    const leaves = (file: SourceFile): readonly string[] =>
      file.imports.filter(
        (name) => name.startsWith('.') && !normalize(`${dirname(file.path)}/${name}`).startsWith(file.room),
      );
    expect(violations(product, leaves)).toEqual([]);
  });

  it('keeps drivers in their folders', () => {
    const strays = (file: SourceFile): readonly string[] =>
      file.imports.filter(
        (name) => drivers[name]?.every((folder) => !file.path.startsWith(`${folder}/`)) ?? false,
      );
    expect(
      violations(
        product.filter((file) => nameOf(file) !== 'testing'),
        strays,
      ),
    ).toEqual([]);
  });

  it('gives domain files nothing but core and the event types', () => {
    const aggregates = inRoom('services').filter((file) => /\baggregate[<(]/.test(file.text));
    expect(aggregates.length).toBeGreaterThan(0);
    const strays = (file: SourceFile): readonly string[] =>
      file.imports.filter(
        (name) =>
          !name.startsWith('.') &&
          name !== '@tenure/core' &&
          !name.startsWith('@tenure/events/generated/') &&
          name !== '@tenure/events',
      );
    expect(violations(aggregates, strays)).toEqual([]);
  });

  it('keeps clocks and chance out of the domain', () => {
    const checked = inRoom('services').filter(
      (file) => nameOf(file) !== 'platform' && !edgeFiles.test(file.path),
    );
    expect(
      violations(
        [...checked, ...product.filter((file) => file.room === 'packages/core')],
        (file) => file.text.match(impure) ?? [],
      ),
    ).toEqual([]);
  });

  it('exports no function with more than two type parameters', () => {
    const declared = /export (?:const|function) (\w+)(?: = )?(?:async )?<([^>()]*)>/g;
    const broken = (file: SourceFile): readonly string[] =>
      [...file.text.matchAll(declared)]
        .filter((match) => (match[2] ?? '').split(',').length > 2)
        .map((match) => match[1] ?? '');
    expect(violations(product, broken)).toEqual([]);
  });

  it('has a spec beside every aggregate', () => {
    const paths = new Set(files.map((file) => file.path));
    const aggregates = inRoom('services').filter((file) => /= aggregate[<(]/.test(file.text));
    expect(
      violations(aggregates, (file) =>
        paths.has(file.path.replace(/\.ts$/, '.spec.ts')) ? [] : ['no spec beside it'],
      ),
    ).toEqual([]);
  });

  it('has short files: 300 lines at most, half of them within 100', () => {
    expect(violations(product, (file) => (file.lines > 300 ? [`${file.lines} lines`] : []))).toEqual([]);
    const sorted = product.map((file) => file.lines).toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(100);
  });
});
