// The rules for fields and their types. Each message says what to do instead.
import { UNKNOWN_SYMBOL } from '../shape.ts';
import { fieldsOf, hasDoc, isJson, textOf, type Json } from './json.ts';

export type Scope = {
  readonly report: (field: string | null, problem: string) => void;
  /** Files of schemas/common by full name. */
  readonly common: ReadonlyMap<string, unknown>;
  /** Full name of every type met so far → its file. */
  readonly defined: Map<string, string>;
  readonly file: string;
  readonly namespace: string;
};

/** Deeper data is hard to show, to query and to evolve; decoders recurse. */
export const MAX_NESTING = 8;
export const TYPE_NAME = /^[A-Z][A-Za-z0-9]*$/;
const TYPE_KEYS = ['type', 'name', 'doc', 'fields', 'symbols', 'default'];
const FIELD_NAME = /^[a-z][A-Za-z0-9]*$/;
const SYMBOL = /^[A-Za-z][A-Za-z0-9_]*$/;
const FIELD_KEYS = ['name', 'type', 'default', 'pii', 'format', 'doc'];
const PII_CLASSES: readonly unknown[] = ['identity', 'contact', 'sensitive', 'freeText'];
const FORMATS: readonly unknown[] = ['date', 'decimal', 'json', 'iana', 'iso4217'];
const LOGICAL: Readonly<Record<string, string>> = { long: 'timestamp-millis', string: 'uuid' };
const MONEY = 'tenure.common.Money';
/** Last words of a field's name that mean an amount of money. */
const MONEY_WORDS = /(^|[a-z])(amount|total|price|discount|tax|cost|budget|outstanding|recurring|refund)$/i;

const REFUSED: Readonly<Record<string, string>> = {
  float:
    'is a float: use tenure.common.Money for money, else a string with "format": "decimal" (a float loses digits).',
  double:
    'is a double: use tenure.common.Money for money, else a string with "format": "decimal" (a double loses cents).',
  bytes: 'is bytes: events hold facts, not files; refer to the content by its SHA-256.',
  fixed: 'is fixed: use a string.',
  null: 'is null: it carries nothing; remove it.',
  error: 'is an error record: use a record.',
};

export const lintFields = (record: Json, path: string, depth: number, scope: Scope): void => {
  const fields = record['fields'];
  if (!Array.isArray(fields) || fields.length === 0) {
    scope.report(
      path || null,
      'has no fields: name at least the aggregate (a record of size zero multiplies without limit).',
    );
    return;
  }
  const names = new Set<unknown>();
  for (const field of fields as readonly unknown[]) {
    if (!isJson(field)) {
      scope.report(path || null, 'has a field that is no JSON object.');
      continue;
    }
    const at = path === '' ? textOf(field['name']) : `${path}.${textOf(field['name'])}`;
    if (names.has(field['name'])) scope.report(at, 'stands twice: remove one.');
    names.add(field['name']);
    lintField(field, at, depth, scope);
  }
};

const lintField = (field: Json, at: string, depth: number, scope: Scope): void => {
  const name = field['name'];
  if (typeof name !== 'string' || !FIELD_NAME.test(name)) scope.report(at, 'has no name in camelCase.');
  if (name === 'sealed' && depth === 1) scope.report(at, 'has the name of the sealed block: choose another.');
  if (!hasDoc(field)) scope.report(at, 'has no doc: say what it means, with its unit.');
  for (const key of Object.keys(field))
    if (!FIELD_KEYS.includes(key))
      scope.report(at, `has the attribute "${key}", which no rule knows: remove it.`);
  const type = lintOptional(field, at, scope);
  lintType(type, at, depth, scope);
  lintPii(field, type, at, depth, scope);
  lintMeaning(textOf(name), type, field['format'], at, scope);
};

/** Answers the type without its null. */
const lintOptional = (field: Json, at: string, scope: Scope): unknown => {
  const type = field['type'];
  if (!Array.isArray(type)) {
    if ('default' in field)
      scope.report(at, 'has a default but is not optional: make it ["null", T] or remove the default.');
    return type;
  }
  if (type.length !== 2 || type[0] !== 'null' || type[1] === 'null' || Array.isArray(type[1]))
    scope.report(
      at,
      'is a union: the only one is ["null", T], for an optional field; make two fields or two events.',
    );
  else if (field['default'] !== null) scope.report(at, 'is optional: give it "default": null.');
  return type[1];
};

export const lintType = (type: unknown, at: string, depth: number, scope: Scope): void => {
  if (depth > MAX_NESTING) return; // reported for the file as a whole
  if (typeof type === 'string') lintName(type, at, scope);
  else if (Array.isArray(type))
    scope.report(at, 'has a union inside a list or map: only a whole field is optional.');
  else if (!isJson(type)) scope.report(at, 'has no type.');
  else lintComplex(type, at, depth, scope);
};

const lintComplex = (type: Json, at: string, depth: number, scope: Scope): void => {
  switch (type['type']) {
    case 'array':
      lintType(type['items'], at, depth + 1, scope);
      return;
    case 'map':
      if (plainOf(type['values']) !== 'string')
        scope.report(
          at,
          'is a map of something else than strings: use an array of records with the name as a field.',
        );
      else lintType(type['values'], at, depth + 1, scope);
      return;
    case 'record':
      define(type, at, scope);
      lintFields(type, at, depth + 1, scope);
      return;
    case 'enum':
      define(type, at, scope);
      lintEnum(type, at, scope);
      return;
    default:
      lintLogical(type, at, scope);
  }
};

const lintName = (name: string, at: string, scope: Scope): void => {
  const refused = REFUSED[name];
  if (refused !== undefined) scope.report(at, refused);
  else if (!['boolean', 'int', 'long', 'string'].includes(name) && !scope.common.has(name))
    scope.report(
      at,
      `has the type ${name}, which is neither a primitive nor defined in schemas/common/ (use the full name).`,
    );
};

const lintLogical = (type: Json, at: string, scope: Scope): void => {
  const base = type['type'];
  if (typeof base !== 'string') scope.report(at, 'has a type within a type: unfold it.');
  else if (!('logicalType' in type)) lintName(base, at, scope);
  else if (type['logicalType'] === undefined || LOGICAL[base] !== type['logicalType'])
    scope.report(
      at,
      `has the logical type ${textOf(type['logicalType'])} on ${base}: only timestamp-millis on long and uuid on string; a date is a string with "format": "date".`,
    );
};

const define = (type: Json, at: string, scope: Scope): void => {
  const name = `${scope.namespace}.${textOf(type['name'])}`;
  const other = scope.defined.get(name);
  if (other !== undefined)
    scope.report(
      at || null,
      `defines ${name} as ${other} does: move it to schemas/common/ and name it in both.`,
    );
  scope.defined.set(name, scope.file);
  if (typeof type['name'] !== 'string' || !TYPE_NAME.test(type['name']))
    scope.report(at || null, 'defines a type without a name in PascalCase.');
  for (const key of Object.keys(type))
    if (!TYPE_KEYS.includes(key) && !(at === '' && key === 'namespace'))
      scope.report(at || null, `defines a type with the attribute "${key}", which no rule knows: remove it.`);
  if (!hasDoc(type)) scope.report(at || null, `defines ${name} without doc: say in one sentence what it is.`);
};

const lintEnum = (type: Json, at: string, scope: Scope): void => {
  const symbols: readonly unknown[] = Array.isArray(type['symbols']) ? type['symbols'] : [];
  if (!symbols.includes(UNKNOWN_SYMBOL) || type['default'] !== UNKNOWN_SYMBOL)
    scope.report(
      at || null,
      'is an enum without the symbol and default UNKNOWN: add both, or a new symbol breaks old readers.',
    );
  if (symbols.length < 2) scope.report(at || null, 'is an enum without symbols of its own.');
  if (new Set(symbols).size !== symbols.length) scope.report(at || null, 'has a symbol twice.');
  for (const symbol of symbols)
    if (typeof symbol !== 'string' || !SYMBOL.test(symbol))
      scope.report(at || null, `has the symbol ${textOf(symbol)}: letters, digits and _ only.`);
};

/** The primitive a type comes down to: of a logical one, of the items or values of a list or map. */
const plainOf = (type: unknown): unknown => {
  if (!isJson(type)) return type;
  if (type['type'] === 'array') return plainOf(type['items']);
  if (type['type'] === 'map') return plainOf(type['values']);
  return type['type'];
};

const lintPii = (field: Json, type: unknown, at: string, depth: number, scope: Scope): void => {
  const pii = field['pii'];
  if (pii !== undefined && pii !== false && !PII_CLASSES.includes(pii))
    scope.report(at, `has the pii tag ${JSON.stringify(pii)}: one of ${PII_CLASSES.join(', ')}, or false.`);
  if (pii === undefined && plainOf(type) === 'string')
    scope.report(
      at,
      `is a string without a pii tag: say ${PII_CLASSES.join(', ')}, or false when it is never personal.`,
    );
  // In schemas/common a record may be personal as a whole: then each field that uses it must be tagged.
  const inCommon = scope.file.startsWith('schemas/common/');
  if (typeof pii === 'string' && depth > 1 && !inCommon)
    scope.report(
      at,
      'is personal within a record: only whole fields of an event are sealed; tag the field that holds the record.',
    );
  if (typeof pii !== 'string' && holdsPersonal(type, scope))
    scope.report(
      at,
      'holds a record with personal fields: tag this field with pii, so that it is sealed as a whole.',
    );
};

/** True when the type, shared types included, has at most so many levels of records, lists and maps. */
export const fits = (type: unknown, levels: number, scope: Scope): boolean => {
  if (typeof type === 'string')
    return !scope.common.has(type) || (levels > 0 && fits(scope.common.get(type), levels, scope));
  if (Array.isArray(type)) return type.every((branch) => fits(branch, levels, scope));
  if (!isJson(type)) return true;
  const inner = [type['items'], type['values'], ...fieldsOf(type).map((field) => field['type'])];
  const nests = inner.some((part) => part !== undefined);
  return !nests || (levels > 0 && inner.every((part) => fits(part, levels - 1, scope)));
};

/** Whether a type of schemas/common/ that this one uses has personal fields. */
const holdsPersonal = (type: unknown, scope: Scope, levels = MAX_NESTING): boolean => {
  if (levels === 0) return false;
  if (typeof type === 'string') {
    const shared = scope.common.get(type);
    return (
      isJson(shared) &&
      fieldsOf(shared).some(
        (field) => typeof field['pii'] === 'string' || holdsPersonal(field['type'], scope, levels - 1),
      )
    );
  }
  if (Array.isArray(type)) return type.some((branch) => holdsPersonal(branch, scope, levels));
  if (!isJson(type)) return false;
  return [type['items'], ...fieldsOf(type).map((field) => field['type'])].some((part) =>
    holdsPersonal(part, scope, levels - 1),
  );
};

/** What the name promises must be what the type says. */
const lintMeaning = (name: string, type: unknown, format: unknown, at: string, scope: Scope): void => {
  const logical = isJson(type) ? type['logicalType'] : undefined;
  const plain = isJson(type) && type['type'] === 'array' ? 'array' : plainOf(type);
  const points = format === 'points' && plain === 'int';
  if (format !== undefined && !points && (!FORMATS.includes(format) || plain !== 'string'))
    scope.report(
      at,
      `has the format ${JSON.stringify(format)}: only ${FORMATS.join(', ')}, on a string, and points on an int.`,
    );
  if (name.endsWith('At') && logical !== 'timestamp-millis')
    scope.report(at, 'is named like an instant: make it a long with the logical type timestamp-millis.');
  if (/(On|Date)$/.test(name) && (plain !== 'string' || format !== 'date'))
    scope.report(
      at,
      'is named like a calendar date: make it a string with "format": "date" (a date is not an instant).',
    );
  if (MONEY_WORDS.test(name) && !points && ['int', 'long', 'string'].includes(textOf(plain)))
    scope.report(at, `is named like money: use ${MONEY}, minor units with their currency.`);
  if (name === 'minor' && scope.file !== 'schemas/common/Money.avsc')
    scope.report(at, `is an amount in minor units: use ${MONEY} instead of a record of your own.`);
  if (/(^c|C)urrency$/.test(name) && format !== 'iso4217')
    scope.report(at, 'is a currency: give it "format": "iso4217".');
};
