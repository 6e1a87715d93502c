// The rules for schema files: what a file says as a whole. The rules for fields are in lint-fields.ts.
import { fieldsOf, hasDoc, isJson, textOf, type Json } from './json.ts';
import { fits, lintFields, lintType, MAX_NESTING, TYPE_NAME, type Scope } from './lint-fields.ts';
import { COMMON, type Problem, type SchemaFile } from './read.ts';

const FOLDER_NAME = /^[a-z][a-z0-9]*$/;
const HEAD_KEYS = ['type', 'name', 'namespace', 'doc', 'about', 'fields'];

/** Every violation of the rules, in the order of the files. */
export const lint = (files: readonly SchemaFile[]): readonly Problem[] => {
  const problems: Problem[] = [];
  const common = new Map(
    files
      .filter(({ folder }) => folder === COMMON)
      .map((file) => [`tenure.${COMMON}.${file.name}`, file.json]),
  );
  const defined = new Map<string, string>();
  const events = new Map<string, string>();
  for (const file of files) {
    const report = (field: string | null, problem: string): void => {
      problems.push({ file: file.file, field, problem });
    };
    if (!isJson(file.json)) {
      report(null, 'is no Avro record: a file holds one JSON object.');
      continue;
    }
    const scope: Scope = { report, common, defined, file: file.file, namespace: `tenure.${file.folder}` };
    lintHead(file, file.json, report);
    if (file.folder === COMMON) lintCommon(file.json, scope);
    else lintEvent(file, file.json, scope, events);
  }
  return problems;
};

type Report = Scope['report'];

const lintHead = (file: SchemaFile, json: Json, report: Report): void => {
  if (!FOLDER_NAME.test(file.folder))
    report(null, `lies in the folder ${file.folder}: a source is named in lower-case letters and digits.`);
  if (!TYPE_NAME.test(file.name)) report(null, 'has no name in PascalCase: rename the file.');
  if (json['name'] !== file.name)
    report(
      null,
      `defines ${textOf(json['name'])}: a file is named after what it defines; make its name ${file.name}.`,
    );
  if (json['namespace'] !== `tenure.${file.folder}`)
    report(
      null,
      `has the namespace ${textOf(json['namespace'])}: it must be tenure.${file.folder}, after its folder.`,
    );
  if (!hasDoc(json)) report(null, 'has no doc: say in one sentence what it means.');
};

const tooDeep = `is nested deeper than ${MAX_NESTING} levels, or contains itself: flatten it.`;

const lintCommon = (json: Json, scope: Scope): void => {
  if ('about' in json) scope.report(null, 'has "about": only events are about somebody; remove it.');
  if (json['type'] !== 'record' && json['type'] !== 'enum')
    scope.report(null, 'must define a record or an enum that several events share.');
  else lintType(json, '', 1, scope);
  if (!fits(json, MAX_NESTING - 1, scope)) scope.report(null, tooDeep);
};

const lintEvent = (file: SchemaFile, json: Json, scope: Scope, events: Map<string, string>): void => {
  if (json['type'] !== 'record') {
    scope.report(null, 'must define a record: an event. What events share lies in schemas/common/.');
    return;
  }
  const other = events.get(file.name);
  if (other !== undefined)
    scope.report(
      null,
      `has the name of ${other}: an event name is used once in all sources; choose another.`,
    );
  events.set(file.name, file.file);
  if (json['about'] !== 'customer' && json['about'] !== 'self')
    scope.report(
      null,
      'must say "about": "customer" (keyed by a customer) or "self" (keyed by its own aggregate).',
    );
  for (const key of Object.keys(json))
    if (!HEAD_KEYS.includes(key))
      scope.report(null, `has the attribute "${key}", which no rule knows: remove it.`);
  lintFields(json, '', 1, scope);
  if (!fits(json, MAX_NESTING, scope)) scope.report(null, tooDeep);
  if (json['about'] === 'self') lintSelf(json, scope);
};

/** Without a customer there is no key to seal with. */
const lintSelf = (json: Json, scope: Scope): void => {
  for (const field of fieldsOf(json))
    if (typeof field['pii'] === 'string')
      scope.report(
        textOf(field['name']),
        'is personal, but an event about nobody has no key to seal it with: key the event by the customer, or leave it out.',
      );
};
