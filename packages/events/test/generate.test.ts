// The generator on files: what it writes, what it refuses, and that the repository's own files are up to date.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkSchemas, generateSchemas, problemText } from '@tenure/events/compiler';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const LOCK = 'schemas/registry.lock.json';
const CONFIRMED = 'schemas/order/OrderConfirmed.avsc';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tenure-schemas-'));
  cpSync(join(repository, 'schemas'), join(root, 'schemas'), { recursive: true });
  generateSchemas(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const read = (file: string): string => readFileSync(join(root, file), 'utf8');
const edit = (file: string, change: (text: string) => string): void => {
  const text = read(file);
  const changed = change(text);
  expect(changed).not.toBe(text);
  writeFileSync(join(root, file), changed);
};
const addField = (field: object): void =>
  edit(CONFIRMED, (text) => {
    const record = JSON.parse(text) as { fields: object[] };
    record.fields.push(field);
    return JSON.stringify(record);
  });
const problems = (): readonly string[] => checkSchemas(root).problems.map(problemText);

const unchanged = (): void => {
  const lock = read(LOCK);
  const types = read('packages/events/src/generated/order.ts');
  expect(generateSchemas(root).problems).not.toEqual([]);
  expect(read(LOCK)).toBe(lock);
  expect(read('packages/events/src/generated/order.ts')).toBe(types);
};

describe('the files of this repository', () => {
  it('are up to date', () => {
    execFileSync(process.execPath, [join(repository, 'tools/generate.ts'), '--check'], { stdio: 'pipe' });
    expect(checkSchemas(repository)).toMatchObject({ changed: [], published: [], problems: [] });
  });
});

describe('an additive change', () => {
  const note = { name: 'note', type: ['null', 'string'], default: null, pii: 'freeText', doc: 'A remark.' };

  it('is published as new versions beside the old ones', () => {
    const before = read(LOCK).split('\n');
    const newest = read(LOCK).split('v1-tenure.order.OrderConfirmed"').length - 1;
    addField(note);
    const report = generateSchemas(root);
    expect(report.problems).toEqual([]);
    expect(report.published.map(({ subject, version }) => [subject, version])).toEqual([
      ['tenure.order.v1-tenure.order.OrderConfirmed', newest + 1],
      ['tenure.order.v1-tenure.order.sealed.OrderConfirmed', 1],
    ]);
    const lines = read(LOCK)
      .split('\n')
      .map((line) => line.replace(/,$/, ''));
    for (const line of before) expect(lines).toContain(line.replace(/,$/, ''));
    expect(read('packages/events/src/generated/order.ts')).toContain(
      'readonly note: Sealable<string> | null;',
    );
    expect(read('docs/reference/events.md')).toContain('A remark.');
    expect(checkSchemas(root)).toMatchObject({ changed: [], published: [], problems: [] });
  });

  it('is stale until it is generated', () => {
    addField(note);
    const { changed, published } = checkSchemas(root);
    expect(published).toHaveLength(2);
    expect(changed.toSorted()).toEqual([
      'docs/reference/events.md',
      'packages/events/src/generated/order.ts',
      'packages/events/src/generated/schemas.json',
      LOCK,
    ]);
  });
});

describe('what is refused, and leaves every file as it was', () => {
  it('a breaking change', () => {
    addField({ name: 'note', type: 'string', pii: false, doc: 'A remark.' });
    expect(problems()).toEqual([
      expect.stringMatching(/^schemas\/order\/OrderConfirmed\.avsc: note: is new and not optional/),
    ]);
    unchanged();
  });

  it('a change of a shared type, once for each event that breaks', () => {
    edit('schemas/common/Money.avsc', (text) => text.replace(/("minor",\s*"type": )"long"/, '$1"int"'));
    const found = problems();
    expect(found.filter((problem) => problem.startsWith('schemas/order/OrderPlaced.avsc: '))).toHaveLength(5);
    expect(found.every((problem) => problem.includes('minor: was long and is int'))).toBe(true);
    unchanged();
  });

  it('a published event that is gone', () => {
    rmSync(join(root, CONFIRMED));
    expect(problems().join()).toContain('was published and is gone');
    unchanged();
  });

  it('JSON with an error, and files that are no schemas', () => {
    edit(CONFIRMED, (text) => text.slice(1));
    writeFileSync(join(root, 'schemas/order/notes.txt'), 'remember');
    expect(problems()).toEqual(
      expect.arrayContaining([
        `${CONFIRMED}: is not valid JSON: correct its syntax.`,
        expect.stringContaining('notes.txt: is no .avsc file'),
      ]),
    );
    unchanged();
  });

  it('an edited lock, a lock as two branches leave it, and one that is not readable', () => {
    edit(LOCK, (text) => text.replace('"name":"orderId"', '"name":"id"'));
    expect(problems().join()).toContain('is not the schema that was published');
    unchanged();
    const lines = read(LOCK).split('\n');
    writeFileSync(join(root, LOCK), [...lines.slice(0, 3), lines[2], ...lines.slice(3)].join('\n'));
    expect(problems().join()).toContain('is out of order, as after a merge');
    writeFileSync(join(root, LOCK), '<<<<<<< HEAD');
    expect(problems().join()).toContain('restore it from version control');
    unchanged();
  });
});

describe('generated files', () => {
  it('that nothing gives any more are removed', () => {
    const orphan = 'packages/events/src/generated/orphan.ts';
    writeFileSync(join(root, orphan), '');
    expect(checkSchemas(root).changed).toEqual([orphan]);
    expect(generateSchemas(root).changed).toEqual([orphan]);
    expect(checkSchemas(root).changed).toEqual([]);
  });
});
