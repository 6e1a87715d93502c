// TypeScript of the events. Two forms: what a reader gets (`OrderPlaced`: personal fields are references, an enum
// may be UNKNOWN) and what a decider writes (`NewOrderPlaced`: plain values, optional fields may be left out).
import {
  shortName,
  UNKNOWN_SYMBOL,
  type EnumShape,
  type FieldShape,
  type RecordShape,
  type Shape,
} from '../shape.ts';
import type { EventModel, SchemaModel } from './model.ts';
import { COMMON } from './read.ts';

type Form = 'read' | 'write';

const HEADER = '// Generated from schemas/ by tools/generate.ts: change the schemas, then run it.\n';

/** The generated files by name (`order.ts`): one per source and `common.ts`. */
export const typescriptOf = (model: SchemaModel): ReadonlyMap<string, string> => {
  const files = new Map<string, string>();
  const shared = [...model.named.values()].filter((shape) => folderOf(shape) === COMMON);
  files.set('common.ts', [HEADER, ...shared.map(declare)].join('\n'));
  for (const source of new Set(model.events.map((event) => event.source)))
    files.set(
      `${source}.ts`,
      sourceFile(
        source,
        model.events.filter((event) => event.source === source),
        model,
      ),
    );
  return files;
};

/** `tenure.common.Money` → `common`. */
const folderOf = (shape: Shape): string =>
  shape.kind === 'record' || shape.kind === 'enum' ? (shape.name.split('.')[1] ?? '') : '';

const sourceFile = (source: string, events: readonly EventModel[], model: SchemaModel): string => {
  const eventNames = new Set(events.map((event) => event.record.name));
  const own = [...model.named.values()].filter(
    (shape) => folderOf(shape) === source && 'name' in shape && !eventNames.has(shape.name),
  );
  const body = [
    ...own.map(declare),
    ...events.map((event) => declareEvent(event)),
    maps(source, events),
  ].join('\n');
  const used = [...model.named.values()]
    .filter((shape) => folderOf(shape) === COMMON)
    .flatMap((shape) => namesOf(shape))
    .filter((name) => new RegExp(`\\b${name}\\b`).test(body.replaceAll(/\/\*\*.*?\*\//gs, '')));
  const imports = used.length === 0 ? '' : `import type { ${used.join(', ')} } from './common.ts';\n`;
  const sealable = body.includes('Sealable<') ? "import type { Sealable } from '../sealed.ts';\n" : '';
  const again = used.length === 0 ? '' : `\nexport type { ${used.join(', ')} };\n`;
  return `${HEADER}${sealable}${imports}${again}\n${body}`;
};

const maps = (source: string, events: readonly EventModel[]): string => {
  const title = source.replace(/^./, (first) => first.toUpperCase());
  const lines = (form: Form): string =>
    events.map(({ name }) => `  readonly ${name}: ${form === 'write' ? newName(name) : name};\n`).join('');
  return (
    `/** Events of \`${source}\` as they are read, by name. */\nexport type ${title}Events = {\n${lines('read')}};\n\n` +
    `/** Facts of \`${source}\` as deciders write them, by name. */\nexport type ${title}Facts = {\n${lines('write')}};\n`
  );
};

const newName = (name: string): string => `New${name}`;

const namesOf = (shape: Shape): readonly string[] => {
  if (shape.kind !== 'record' && shape.kind !== 'enum') return [];
  const name = shortName(shape.name);
  return differs(shape) && shape.kind === 'record' ? [name, newName(name)] : [name];
};

/** True when the two forms of a shape are different types. */
const differs = (shape: Shape): boolean => {
  switch (shape.kind) {
    case 'optional':
    case 'enum':
      return true;
    case 'array':
      return differs(shape.items);
    case 'map':
      return differs(shape.values);
    case 'record':
      return shape.fields.some((field) => differs(field.shape));
    case 'boolean':
    case 'int':
    case 'long':
    case 'string':
    case 'bytes':
      return false;
    default:
      return shape satisfies never;
  }
};

const declare = (shape: Shape): string => {
  if (shape.kind === 'enum') return declareEnum(shape);
  if (shape.kind !== 'record') return '';
  const name = shortName(shape.name);
  const read = declareRecord(name, shape, 'read', false);
  return differs(shape) ? `${read}\n${declareRecord(newName(name), shape, 'write', false)}` : read;
};

const declareEvent = ({ record, name }: EventModel): string =>
  `${declareRecord(name, record, 'read', true)}\n${declareRecord(newName(name), record, 'write', true)}`;

const declareEnum = (shape: EnumShape): string => {
  const name = shortName(shape.name);
  const constant = `${name.replace(/^./, (first) => first.toLowerCase())}Symbols`;
  const symbols = shape.symbols.filter((symbol) => symbol !== UNKNOWN_SYMBOL).map((symbol) => `'${symbol}'`);
  return (
    `export const ${constant} = [${symbols.join(', ')}] as const;\n` +
    comment(`${shape.doc} A reader may also meet UNKNOWN, which stands for a newer symbol.`, '') +
    `export type ${name} = (typeof ${constant})[number];\n`
  );
};

const declareRecord = (name: string, shape: RecordShape, form: Form, event: boolean): string => {
  const doc = form === 'read' ? shape.doc : `\`${shortName(shape.name)}\` as it is written.`;
  const fields = shape.fields.map((field) => declareField(field, form, event));
  if (fields.length === 0)
    return `${comment(doc, '')}export type ${name} = Readonly<Record<string, never>>;\n`;
  return `${comment(doc, '')}export type ${name} = {\n${fields.join('')}};\n`;
};

const declareField = (field: FieldShape, form: Form, event: boolean): string => {
  const optional = field.shape.kind === 'optional';
  const inner = field.shape.kind === 'optional' ? field.shape.of : field.shape;
  const sealed = event && form === 'read' && field.pii !== false;
  const type = sealed ? `Sealable<${typeOf(inner, 'read')}>` : typeOf(inner, form);
  const doc = form === 'read' ? comment(`${field.doc}${hint(field)}`, '  ') : '';
  const mark = optional && form === 'write' ? '?' : '';
  const absent = !optional ? '' : form === 'write' ? ' | null | undefined' : ' | null';
  return `${doc}  readonly ${field.name}${mark}: ${type}${absent};\n`;
};

const hint = ({ shape, format }: FieldShape): string => {
  const inner = shape.kind === 'optional' ? shape.of : shape;
  if (inner.kind === 'long' && inner.instant) return ' Milliseconds since the epoch, UTC.';
  return HINTS[format ?? ''] ?? '';
};

/** How a string of a format looks. */
const HINTS: Readonly<Record<string, string>> = {
  date: ' YYYY-MM-DD.',
  decimal: ' Canonical decimal number.',
  json: ' Canonical JSON.',
  iana: ' IANA time zone.',
};

const comment = (doc: string, indent: string): string => `${indent}/** ${doc} */\n`;

const typeOf = (shape: Shape, form: Form): string => {
  switch (shape.kind) {
    case 'boolean':
      return 'boolean';
    case 'int':
    case 'long':
      return 'number';
    case 'string':
      return 'string';
    case 'bytes':
      return 'Uint8Array';
    case 'optional':
      return `${typeOf(shape.of, form)} | null`;
    case 'array':
      return `readonly ${several(shape.items, form)}[]`;
    case 'map':
      return `Readonly<Record<string, ${typeOf(shape.values, form)}>>`;
    case 'enum':
      return form === 'read' ? `${shortName(shape.name)} | '${UNKNOWN_SYMBOL}'` : shortName(shape.name);
    case 'record':
      return form === 'write' && differs(shape) ? newName(shortName(shape.name)) : shortName(shape.name);
    default:
      return shape satisfies never;
  }
};

const several = (shape: Shape, form: Form): string => {
  const type = typeOf(shape, form);
  return type.includes(' | ') ? `(${type})` : type;
};
