import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileInMemory } from './in-memory.ts';

const doc = 'Made up.';
const good = { name: 'food', type: 'string', pii: false, doc };
const event = (fields: readonly unknown[], more: object = {}) => ({
  type: 'record',
  name: 'AnimalFed',
  namespace: 'tenure.zoo',
  doc,
  about: 'customer',
  fields,
  ...more,
});
const money = {
  type: 'record',
  name: 'Money',
  namespace: 'tenure.common',
  doc,
  fields: [
    { name: 'minor', type: 'long', doc },
    { name: 'currency', type: 'string', pii: false, format: 'iso4217', doc },
  ],
};
const card = {
  type: 'record',
  name: 'Card',
  namespace: 'tenure.common',
  doc,
  fields: [{ name: 'name', type: 'string', pii: 'identity', doc }],
};

const problemsOf = (records: Readonly<Record<string, unknown>>): readonly string[] =>
  compileInMemory(records as Readonly<Record<string, object>>).problems.map(
    ({ file, field, problem }) => `${file} ${field ?? '-'} ${problem}`,
  );
const ofFields = (...fields: readonly unknown[]): readonly string[] =>
  problemsOf({ 'common/Money': money, 'common/Card': card, 'zoo/AnimalFed': event(fields) });
const ofType = (type: unknown, more: object = {}): readonly string[] =>
  ofFields({ name: 'x', type, doc, ...more });
const nested = (levels: number): unknown =>
  levels === 0 ? 'int' : { type: 'array', items: nested(levels - 1) };
const enumOf = (more: object) => ({
  type: 'enum',
  name: 'E',
  doc,
  symbols: ['UNKNOWN', 'A'],
  default: 'UNKNOWN',
  ...more,
});

describe('a schema that keeps the rules', () => {
  it('has no problem', () => {
    expect(
      ofFields(
        good,
        { name: 'total', type: ['null', 'tenure.common.Money'], default: null, doc },
        { name: 'person', type: 'tenure.common.Card', pii: 'identity', doc },
        { name: 'fedAt', type: { type: 'long', logicalType: 'timestamp-millis' }, doc },
        { name: 'dueOn', type: ['null', 'string'], default: null, pii: false, format: 'date', doc },
        { name: 'kind', type: enumOf({}), doc },
        { name: 'tags', type: { type: 'map', values: 'string' }, pii: false, doc },
        { name: 'deep', type: nested(7), doc },
      ),
    ).toEqual([]);
  });
});

describe('a field', () => {
  it.each([
    ['without doc', ofFields({ name: 'x', type: 'int' }), 'has no doc'],
    ['with a double', ofType('double'), 'a double loses cents'],
    ['with a float', ofType(['null', 'float'], { default: null }), 'a float loses digits'],
    ['with bytes', ofType('bytes'), 'refer to the content'],
    ['with null', ofType('null'), 'remove it'],
    ['with an unknown type', ofType('tenure.common.Nothing'), 'nor defined in schemas/common/'],
    ['with a short name of a shared type', ofType('Money'), 'use the full name'],
    ['with a union of two', ofType(['int', 'string'], { pii: false }), 'is a union'],
    ['with a union of three', ofType(['null', 'int', 'long'], { default: null }), 'is a union'],
    ['with null behind', ofType(['int', 'null'], { default: null }), 'is a union'],
    ['optional without default', ofType(['null', 'int']), 'give it "default": null'],
    ['with a default of its own', ofType('int', { default: 0 }), 'is not optional'],
    [
      'with a union in a list',
      ofType({ type: 'array', items: ['null', 'int'] }),
      'only a whole field is optional',
    ],
    [
      'with a map of records',
      ofType({ type: 'map', values: 'tenure.common.Money' }),
      'use an array of records',
    ],
    ['with a list of nulls', ofType({ type: 'array', items: 'null' }), 'is null'],
    [
      'with a list of empty records',
      ofType({ type: 'array', items: { type: 'record', name: 'R', doc, fields: [] } }),
      'size zero',
    ],
    ['nested too deep', ofType(nested(8)), 'deeper than 8'],
    ['without pii tag', ofType('string'), 'without a pii tag'],
    ['with a list without pii tag', ofType({ type: 'array', items: 'string' }), 'without a pii tag'],
    ['with an unknown pii tag', ofType('string', { pii: true }), 'has the pii tag true'],
    ['with an untagged personal record', ofType('tenure.common.Card'), 'tag this field with pii'],
    [
      'with a list of personal records',
      ofType({ type: 'array', items: 'tenure.common.Card' }),
      'tag this field with pii',
    ],
    [
      'personal within a record',
      ofType({
        type: 'record',
        name: 'R',
        doc,
        fields: [{ name: 'n', type: 'string', pii: 'contact', doc }],
      }),
      'only whole fields',
    ],
    [
      'with an instant that is a plain long',
      ofFields({ name: 'fedAt', type: 'long', doc }),
      'timestamp-millis',
    ],
    [
      'with an instant that is text',
      ofFields({ name: 'fedAt', type: 'string', pii: false, doc }),
      'timestamp-millis',
    ],
    [
      'with a date that is an instant',
      ofFields({ name: 'dueOn', type: { type: 'long', logicalType: 'timestamp-millis' }, doc }),
      'a date is not an instant',
    ],
    ['with the logical type date', ofType({ type: 'int', logicalType: 'date' }), 'a date is a string'],
    [
      'with the logical type decimal',
      ofType({ type: 'bytes', logicalType: 'decimal' }),
      'only timestamp-millis',
    ],
    ['with money as a number', ofFields({ name: 'paidTotal', type: 'long', doc }), 'use tenure.common.Money'],
    [
      'with a money record of its own',
      ofType({ type: 'record', name: 'Cash', doc, fields: [{ name: 'minor', type: 'long', doc }] }),
      'instead of a record of your own',
    ],
    [
      'with a currency without format',
      ofFields({ name: 'homeCurrency', type: 'string', pii: false, doc }),
      'iso4217',
    ],
    ['with an unknown format', ofType('string', { pii: false, format: 'mail' }), 'has the format "mail"'],
    ['with a format on a number', ofType('int', { format: 'date' }), 'on a string'],
    ['named like the sealed block', ofFields({ ...good, name: 'sealed' }), 'choose another'],
    ['not in camelCase', ofFields({ ...good, name: 'Food_kind' }), 'camelCase'],
    ['that stands twice', ofFields(good, good), 'stands twice'],
    ['with a misspelt attribute', ofFields({ ...good, pi: 'identity' }), 'which no rule knows'],
    ['with an alias', ofFields({ ...good, aliases: ['meal'] }), 'which no rule knows'],
    ['that is no object', ofFields('food'), 'no JSON object'],
    ['without type', ofFields({ name: 'x', doc }), 'has no type'],
    ['with a type in a type', ofType({ type: { type: 'string' } }), 'unfold it'],
    ['with an enum without UNKNOWN', ofType(enumOf({ symbols: ['A'], default: 'A' })), 'add both'],
    ['with an enum without default', ofType(enumOf({ default: undefined })), 'add both'],
    ['with an enum of nothing else', ofType(enumOf({ symbols: ['UNKNOWN'] })), 'symbols of its own'],
    ['with a symbol twice', ofType(enumOf({ symbols: ['UNKNOWN', 'A', 'A'] })), 'twice'],
    ['with an enum without doc', ofType(enumOf({ doc: '' })), 'without doc'],
  ])('%s', (_name, problems, message) => {
    expect(problems.join('\n')).toContain(message);
    expect(problems[0]).toMatch(/^schemas\/zoo\/AnimalFed\.avsc /);
  });
});

describe('a file', () => {
  const shared = { ...money, name: 'Loop', fields: [{ name: 'inner', type: 'tenure.common.Loop', doc }] };
  it.each([
    ['not named after its event', { 'zoo/Other': event([good]) }, 'named after what it defines'],
    ['in another name space', { 'zoo/AnimalFed': event([good], { namespace: 'zoo' }) }, 'must be tenure.zoo'],
    ['without doc', { 'zoo/AnimalFed': event([good], { doc: ' ' }) }, 'has no doc'],
    [
      'that does not say whom it is about',
      { 'zoo/AnimalFed': event([good], { about: undefined }) },
      'must say "about"',
    ],
    ['with an unknown attribute', { 'zoo/AnimalFed': event([good], { aliases: [] }) }, 'which no rule knows'],
    ['without fields', { 'zoo/AnimalFed': event([]) }, 'has no fields'],
    ['that is no record', { 'zoo/AnimalFed': event([good], { type: 'enum' }) }, 'must define a record'],
    ['that is no object', { 'zoo/AnimalFed': [] }, 'is no Avro record'],
    [
      'in a folder that is no source',
      { 'Zoo-1/AnimalFed': event([good], { namespace: 'tenure.Zoo-1' }) },
      'lower-case',
    ],
    [
      'with personal data about nobody',
      { 'zoo/AnimalFed': event([{ ...good, pii: 'contact' }], { about: 'self' }) },
      'no key to seal it',
    ],
    [
      'with an event name of another source',
      { 'zoo/AnimalFed': event([good]), 'farm/AnimalFed': event([good], { namespace: 'tenure.farm' }) },
      'used once in all sources',
    ],
    ['of a shared type that contains itself', { 'common/Loop': shared }, 'contains itself'],
    [
      'of a shared type about somebody',
      { 'common/Money': { ...money, about: 'self' } },
      'only events are about',
    ],
    [
      'with a type that another defines',
      {
        'zoo/AnimalFed': event([{ name: 'kind', type: enumOf({}), doc }]),
        'zoo/AnimalLeft': { ...event([{ name: 'kind', type: enumOf({}), doc }]), name: 'AnimalLeft' },
      },
      'move it to schemas/common/',
    ],
  ])('%s', (_name, records, message) => {
    expect(problemsOf(records).join('\n')).toContain(message);
  });
});

describe('any JSON', () => {
  const whole = event([
    good,
    { name: 'total', type: ['null', 'tenure.common.Money'], default: null, doc },
    { name: 'kind', type: enumOf({}), doc },
    { name: 'tags', type: { type: 'array', items: 'string' }, pii: false, doc },
    { name: 'shape', type: { type: 'record', name: 'R', doc, fields: [{ ...good }] }, doc },
  ]);
  const paths = pathsOf(whole);
  const junk = fc.oneof(
    fc.constantFrom<unknown>(
      undefined,
      null,
      [],
      {},
      0,
      '',
      'null',
      'record',
      'tenure.common.Money',
      ['null'],
      { type: {} },
      { toString: '' }, // String() of it throws
    ),
    fc.json().map((text) => JSON.parse(text) as unknown),
  );

  it('gives problems or schemas, never a failure of the compiler', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...paths), junk), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const broken = structuredClone(whole) as unknown as Record<string, unknown>;
          for (const [path, value] of changes) put(broken, path, structuredClone(value));
          const { problems, entries } = compileInMemory({ 'common/Money': money, 'zoo/AnimalFed': broken });
          expect(problems.length + entries.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, [...path, name]))].filter(
    (found) => found.length > 0,
  );
}

function put(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  const inner = target[name];
  if (rest.length === 0) target[name] = value;
  else if (typeof inner === 'object' && inner !== null) put(inner as Record<string, unknown>, rest, value);
}
