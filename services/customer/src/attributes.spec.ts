import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { given, registered, type CustomerFact } from '../test/customers.ts';
import { AttributesPolicy, checkAttributes } from './attribute-schema.ts';
import type { Attributes, Json } from './attributes.ts';

const shipped = AttributesPolicy.parse(
  JSON.parse(readFileSync(new URL('../policies/attributes.customer.v1.json', import.meta.url), 'utf8')),
);
const schema = { version: 1, check: (attributes: Attributes) => checkAttributes(shipped.schema, attributes) };
const set = (attributes: Attributes, clear: readonly string[] = []) =>
  ({ name: 'SetCustomAttributes', data: { schemaId: 'customer', attributes, clear } }) as const;
const were = (attributes: string) =>
  ({
    type: 'CustomAttributesSet',
    data: { schemaId: 'customer', schemaVersion: 1, attributes },
  }) as const satisfies CustomerFact;

describe('SetCustomAttributes', () => {
  const when = (command: ReturnType<typeof set>, ...history: readonly CustomerFact[]) =>
    given(registered, ...history).when(command, { schema });

  it('records the change as canonical JSON; what is not named stays', () => {
    when(set({ taxExempt: true, employees: 7 })).then(were('{"employees":7,"taxExempt":true}'));
    expect(given(registered, were('{"employees":7}'), were('{"taxExempt":true}')).state().attributes).toEqual(
      {
        employees: 7,
        taxExempt: true,
      },
    );
  });

  it('takes away what is to be cleared', () => {
    when(set({}, ['employees', 'taxExempt']), were('{"employees":7}')).then(were('{"employees":null}'));
    expect(given(registered, were('{"employees":7}'), were('{"employees":null}')).state().attributes).toEqual(
      {},
    );
  });

  it('changes nothing where nothing changes', () => {
    when(set({ employees: 7 }, ['taxExempt']), were('{"employees":7}')).then([]);
  });

  it('fits the schema as a whole', () => {
    when(set({ employees: -1, colour: 'red' })).refused('ATTRIBUTES_INVALID', {
      errors: [
        { path: '/*', reason: 'is no attribute of the schema' },
        { path: '/employees', reason: 'must be at least 0' },
      ],
    });
    given(registered)
      .when(set({ employees: 1 }), { schema: null })
      .refused('UNKNOWN_SCHEMA');
  });

  it('holds at most 100 attributes in 16 kB', () => {
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`a${i}`, 1]));
    const anything = { schema: { version: 1, check: () => [] } };
    given(registered)
      .when(set(many), anything)
      .refused('LIMIT_EXCEEDED', { limit: 'attributes', value: 100 });
    given(registered)
      .when(set({ a: 'é'.repeat(8_200) }), anything)
      .refused('LIMIT_EXCEEDED', { limit: 'attributeBytes', value: 16_384 });
    expect(
      given(registered)
        .when(set({ a: 'e'.repeat(16_000) }), anything)
        .facts(),
    ).toHaveLength(1);
  });
});

describe('a schema of attributes', () => {
  const parse = (property: object) => {
    const policy = {
      ...{ policy: 'attributes', id: 'x', version: 1, validFrom: '2026-01-01' },
      schema: { type: 'object', properties: { a: property }, additionalProperties: false },
    };
    return AttributesPolicy.safeParse(policy);
  };
  const problems = (property: object, value: Json) => {
    const { schema: parsed } = AttributesPolicy.parse(parse(property).data);
    return checkAttributes(parsed, { a: value }).map(({ path, reason }) => `${path} ${reason}`);
  };

  it.each([
    [{ type: 'string', minLength: 2, maxLength: 3 }, 'ab', 'a', 'must have at least 2 characters'],
    [{ type: 'string', maxLength: 1 }, '😀', 'ab', 'must have at most 1 characters'],
    [{ type: 'string', enum: ['X'] }, 'X', 'Y', 'is none of the allowed values'],
    [{ type: 'string', format: 'date' }, '2026-02-28', '2026-02-30', 'must be a date YYYY-MM-DD'],
    [{ type: 'string', format: 'uuid' }, '6e5bb38a-8de3-5688-b629-4fa13d846ff8', 'x', 'must be a UUID'],
    [{ type: 'string' }, '', 1, 'must be a string'],
    [{ type: 'integer', minimum: 1 }, 1, 0, 'must be at least 1'],
    [{ type: 'integer' }, 1, 1.5, 'must be an integer'],
    [{ type: 'number', maximum: 1.5 }, 1.5, 1.6, 'must be at most 1.5'],
    [{ type: 'number', enum: [1] }, 1, 2, 'is none of the allowed values'],
    [{ type: 'boolean' }, false, 'false', 'must be true or false'],
    [{ const: 'yes' }, 'yes', 'no', 'is not the one value that is allowed'],
    [{ type: 'array', items: { type: 'integer' }, minItems: 1 }, [1], [], 'must have at least 1 items'],
    [{ type: 'array', items: { type: 'integer' }, maxItems: 1 }, [1], [1, 2], 'must have at most 1 items'],
    [
      { type: 'array', items: { type: 'integer' }, uniqueItems: true },
      [1, 2],
      [1, 1],
      'must name each item once',
    ],
    [{ type: 'array', items: { type: 'integer' } }, [], {}, 'must be an array'],
    [{ type: 'object', properties: {}, additionalProperties: false }, {}, [], 'must be an object'],
  ] as readonly (readonly [object, Json, Json, string])[])('%j', (property, good, bad, reason) => {
    expect(problems(property, good)).toEqual([]);
    expect(problems(property, bad)).toEqual([`/a ${reason}`]);
  });

  it('says where in the depth something is wrong', () => {
    const inner = {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['n'],
      additionalProperties: false,
    };
    const list = { type: 'array', items: inner };
    expect(problems(list, [{ n: 1 }, {}, { n: 'x', m: 1 }])).toEqual([
      '/a/1/n is required',
      '/a/2/n must be an integer',
      '/a/2/* is no attribute of the schema',
    ]);
  });

  it('is refused where it says what is not understood', () => {
    expect(parse({ type: 'string', pattern: '.*' }).success).toBe(false);
    expect(parse({ $ref: '#/x' }).success).toBe(false);
    expect(parse({ type: 'object', properties: {}, additionalProperties: true }).success).toBe(false);
    const typo = {
      type: 'object',
      properties: { n: { type: 'integer' } },
      required: ['m'],
      additionalProperties: false,
    };
    expect(parse(typo).success).toBe(false);
  });

  it('ends for every value, and never repeats one', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (attributes) => {
        const found = checkAttributes(shipped.schema, attributes as Attributes);
        expect(found.length).toBeLessThanOrEqual(20);
        for (const { path } of found) expect(path).toMatch(/^\/(\*|[a-zA-Z]+(\/\d+)?)$/);
      }),
    );
  });
});
