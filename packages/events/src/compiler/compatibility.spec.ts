import { describe, expect, it } from 'vitest';
import { compileInMemory, type InMemory } from './in-memory.ts';

const doc = 'Made up.';
const field = (name: string, type: unknown = 'string', more: object = {}) => ({
  name,
  type,
  ...(JSON.stringify(type).includes('string') ? { pii: false } : {}),
  doc,
  ...more,
});
const optional = (name: string, type: unknown, more: object = {}) =>
  field(name, ['null', type], { default: null, ...more });
const uuid = { type: 'string', logicalType: 'uuid' };
const kind = (...symbols: readonly string[]) =>
  field('kind', { type: 'enum', name: 'Kind', doc, symbols: ['UNKNOWN', ...symbols], default: 'UNKNOWN' });
const fed = (...fields: readonly object[]) => ({
  'zoo/AnimalFed': {
    type: 'record',
    name: 'AnimalFed',
    namespace: 'tenure.zoo',
    doc,
    about: 'customer',
    fields,
  },
});

const base = [field('animalId', uuid), field('food'), optional('grams', 'int'), kind('MEAT', 'LEAVES')];
const published = compileInMemory(fed(...base));
const change = (...fields: readonly object[]): InMemory => compileInMemory(fed(...fields), published.entries);
const instead = (name: string, ...other: readonly object[]) =>
  base.flatMap((old) => (old.name === name ? other : [old]));

describe('a published event', () => {
  it.each([
    ['gains an optional field', [...base, optional('water', 'int')]],
    ['gains a symbol', instead('kind', kind('MEAT', 'LEAVES', 'FISH'))],
    ['loses an optional field', instead('grams')],
    ['has its fields in another order', base.toReversed()],
  ])('%s: a new version', (_name, fields) => {
    const { problems, entries } = change(...fields);
    expect(problems).toEqual([]);
    expect(entries.map(({ id, version }) => [id, version])).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(entries[0]).toEqual(published.entries[0]);
  });

  it('stays the same version when only its documentation changes', () => {
    const { problems, entries } = change(...base.map((old) => ({ ...old, doc: 'Said better.' })));
    expect(problems).toEqual([]);
    expect(entries).toEqual(published.entries);
  });

  it.each([
    ['gains a required field', [...base, field('water', 'int')], 'water', 'is new and not optional'],
    ['loses a required field', instead('food'), 'food', 'older readers need it'],
    [
      'has a required field made optional',
      instead('food', optional('food', 'string')),
      'food',
      'keeps its type',
    ],
    [
      'has an optional field made required',
      instead('grams', field('grams', 'int')),
      'grams',
      'keeps its type',
    ],
    ['has an int widened', instead('grams', optional('grams', 'long')), 'grams', 'keeps its type'],
    [
      'has text become a list',
      instead('food', field('food', { type: 'array', items: 'string' })),
      'food',
      'keeps its type',
    ],
    ['loses a logical type', instead('animalId', field('animalId')), 'animalId', 'their meaning is not'],
    [
      'gains a format',
      instead('food', field('food', 'string', { format: 'json' })),
      'food',
      'had the format none',
    ],
    ['loses a symbol', instead('kind', kind('MEAT')), 'kind', 'no longer has LEAVES'],
    [
      'seals what was in the clear',
      instead('food', field('food', 'string', { pii: 'sensitive' })),
      'food',
      'published in the clear',
    ],
  ])('%s: refused, naming file and field', (_name, fields, name, message) => {
    const { problems, entries } = change(...fields);
    expect(problems.map((problem) => problem.field)).toContain(name);
    expect(problems.map(({ problem }) => problem).join('\n')).toContain(message);
    expect(problems.every(({ file }) => file === 'schemas/zoo/AnimalFed.avsc')).toBe(true);
    expect(entries).toEqual(published.entries);
  });

  it('is compared with every version, not with the last alone', () => {
    const without = change(...instead('grams'));
    const again = compileInMemory(fed(...instead('grams', optional('grams', 'string'))), without.entries);
    expect(again.problems.map(({ field: name }) => name)).toEqual(['grams']);
    expect(again.problems[0]?.problem).toContain('published version 1');
  });

  it('cannot vanish', () => {
    const { problems } = compileInMemory({}, published.entries);
    expect(problems).toMatchObject([{ file: 'schemas/zoo/AnimalFed.avsc' }]);
    expect(problems[0]?.problem).toContain('restore the file');
  });

  it('keeps its personal data sealed', () => {
    const sealed = compileInMemory(fed(field('id', uuid), field('name', 'string', { pii: 'identity' })));
    expect(sealed.entries.map(({ subject }) => subject)).toEqual([
      'tenure.zoo.v1-tenure.zoo.AnimalFed',
      'tenure.zoo.v1-tenure.zoo.sealed.AnimalFed',
    ]);
    const bared = compileInMemory(fed(field('id', uuid), optional('name', 'string')), sealed.entries);
    expect(bared.problems.map(({ problem }) => problem).join('\n')).toContain(
      'was published as personal data',
    );
    const retyped = compileInMemory(
      fed(field('id', uuid), field('name', 'int', { pii: 'identity' })),
      sealed.entries,
    );
    expect(retyped.problems.map(({ problem }) => problem).join('\n')).toContain('keeps its type');
  });
});
