import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCodec } from './codec.ts';
import type { EventToEncode, StoredBody } from './codec-types.ts';
import { compileInMemory, type InMemory } from './compiler/in-memory.ts';
import { createRegistry } from './registry.ts';
import type { CompiledSchemas } from './schemas.ts';
import type { Upcaster } from './upcasters.ts';

const ID = '0f0e0d0c-0b0a-5908-8706-050403020100';
const key = { kid: 'k1', key: createSecretKey(randomBytes(32)) };

const doc = 'Made up.';
const text = (name: string, pii: string | false = false) => ({ name, type: 'string', pii, doc });
const optional = (name: string, type: unknown, more: object = {}) => ({
  name,
  type: ['null', type],
  default: null,
  doc,
  ...more,
});
const record = (name: string, fields: readonly object[]) => ({
  type: 'record',
  name,
  namespace: 'tenure.zoo',
  doc,
  about: 'customer',
  fields,
});
const diet = (...symbols: readonly string[]) => ({
  name: 'diet',
  doc,
  type: { type: 'enum', name: 'Diet', doc, symbols: ['UNKNOWN', ...symbols], default: 'UNKNOWN' },
});

const compiled = (records: Readonly<Record<string, object>>, before?: InMemory): InMemory => {
  const result = compileInMemory(records, before?.entries);
  expect(result.problems).toEqual([]);
  return result;
};
const codecOf = (schemas: CompiledSchemas, upcasters: readonly Upcaster[] = []) =>
  createCodec({ registry: createRegistry(schemas), upcasters });

const event = (type: string, data: object): EventToEncode => ({
  id: ID,
  type,
  source: 'zoo',
  occurredAt: 0,
  recordedAt: 0,
  meta: { commandId: 'c', correlationId: 'c', actor: { kind: 'clock', id: 'clock' } },
  customerId: ID,
  data,
});
const stored = (body: Uint8Array): StoredBody => ({ position: 1, stream: 's', revision: 0, key: ID, body });

const v1 = compiled({
  'zoo/AnimalFed': record('AnimalFed', [text('name', 'identity'), text('food'), diet('MEAT')]),
});
const v2 = compiled(
  {
    'zoo/AnimalFed': record('AnimalFed', [
      text('name', 'identity'),
      optional('nick', 'string', { pii: 'identity' }),
      text('food'),
      diet('MEAT', 'LEAVES'),
      optional('grams', 'int'),
    ]),
  },
  v1,
);
const old = event('AnimalFed', { name: 'Li', food: 'fish', diet: 'MEAT' });

describe('an event that gained fields', () => {
  it('is read with null where they were not yet written, sealed ones too', () => {
    const body = codecOf(v1.compiled).encode(old, key);
    const codec = codecOf(v2.compiled);
    const { data, sealed, schemaId } = codec.decode('zoo', stored(body));
    expect(data).toEqual({
      name: { $sealed: ID, field: 'name' },
      nick: null,
      food: 'fish',
      diet: 'MEAT',
      grams: null,
    });
    expect(schemaId).toBe(v1.compiled.events['AnimalFed']!.schemaId);
    expect(codec.openFields(sealed!, key)).toEqual(new Map([['name', 'Li']]));
  });

  it('is read by older code, which shows a new symbol as UNKNOWN', () => {
    const fed = event('AnimalFed', { name: 'Li', nick: 'Lili', food: 'figs', diet: 'LEAVES', grams: 5 });
    const body = codecOf(v2.compiled).encode(fed, key);
    // Older code that was told of the newer schema by the registry.
    const older = codecOf({ schemas: v2.compiled.schemas, events: v1.compiled.events });
    expect(older.decode('zoo', stored(body)).data).toMatchObject({ food: 'figs', diet: 'UNKNOWN' });
  });

  it('is UNDECODABLE where its schema is not known, and says what to do', () => {
    const body = codecOf(v2.compiled).encode(
      event('AnimalFed', { name: 'Li', food: 'figs', diet: 'MEAT' }),
      key,
    );
    expect(() => codecOf(v1.compiled).decode('zoo', stored(body))).toThrow(
      expect.objectContaining({
        code: 'UNDECODABLE',
        message: expect.stringContaining('a newer version may have written it') as string,
      }),
    );
  });
});

const v3 = compiled(
  {
    'zoo/AnimalFed': record('AnimalFed', [
      text('name', 'identity'),
      optional('nick', 'string', { pii: 'identity' }),
      text('food'),
      diet('MEAT', 'LEAVES'),
      optional('grams', 'int'),
    ]),
    'zoo/MealServed': record('MealServed', [
      text('guest', 'identity'),
      { name: 'courses', type: { type: 'array', items: 'string' }, pii: false, doc },
    ]),
  },
  v2,
);
const toMeal: Upcaster = {
  from: 'AnimalFed',
  to: 'MealServed',
  up: ({ name, food }) => ({ guest: name, courses: [food] }),
};

describe('an event that got a new name', () => {
  const body = codecOf(v1.compiled).encode(old, key);

  it('is read under the new one, its personal fields still open', () => {
    const codec = codecOf(v3.compiled, [toMeal]);
    const { type, data, sealed } = codec.decode('zoo', stored(body));
    expect(type).toBe('MealServed');
    expect(data).toEqual({ guest: { $sealed: ID, field: 'name' }, courses: ['fish'] });
    expect(codec.openFields(sealed!, key)).toEqual(new Map([['name', 'Li']]));
    expect(codec.peek(body).type).toBe('MealServed');
    expect(codec.readPayload('zoo', { id: ID, key: ID, bytes: codec.payload(body) }).type).toBe('MealServed');
  });

  it('goes on along a chain', () => {
    const shout: Upcaster = {
      from: 'MealServed',
      to: 'FeastHeld',
      up: (data) => ({ ...data, loud: true }),
    };
    const { type, data } = codecOf(v3.compiled, [toMeal, shout]).decode('zoo', stored(body));
    expect(type).toBe('FeastHeld');
    expect(data).toMatchObject({ courses: ['fish'], loud: true });
  });

  it('can be told by the schema it was written with', () => {
    const only = { ...toMeal, schemaIds: [v2.compiled.events['AnimalFed']!.schemaId] };
    const codec = codecOf(v3.compiled, [only]);
    expect(codec.decode('zoo', stored(body)).type).toBe('AnimalFed');
    const newer = codecOf(v2.compiled).encode(old, key);
    expect(codec.decode('zoo', stored(newer)).type).toBe('MealServed');
  });

  it('is UNDECODABLE when its upcaster fails', () => {
    const broken: Upcaster = { ...toMeal, up: () => JSON.parse('{') as Record<string, unknown> };
    expect(() => codecOf(v3.compiled, [broken]).decode('zoo', stored(body))).toThrow('as its schema says');
  });

  it('has one upcaster, and no way back to itself', () => {
    const back: Upcaster = { from: 'MealServed', to: 'AnimalFed', up: (data) => data };
    expect(() => codecOf(v3.compiled, [toMeal, back])).toThrow('leads back to itself');
    expect(() => codecOf(v3.compiled, [toMeal, toMeal])).toThrow('is not the only one');
  });
});
