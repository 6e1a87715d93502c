// The schemas as they are now against every version that was ever published.
import { incompatibilities } from '../compatibility.ts';
import type { Candidate, LockEntry } from './lock.ts';
import { blockName, subjectOf, type EventModel, type SchemaModel } from './model.ts';
import type { Problem } from './read.ts';

/** Breaking changes, events that vanished, fields that moved in or out of the sealed block. */
export const compatibilityProblems = (
  entries: readonly LockEntry[],
  candidates: readonly Candidate[],
  model: SchemaModel,
): readonly Problem[] => {
  const published = Map.groupBy(entries, (entry) => entry.subject);
  return [
    ...candidates.flatMap((candidate) => breaking(candidate, published.get(candidate.subject) ?? [])),
    ...vanished([...published.keys()], candidates),
    ...model.events.flatMap((event) => moved(event, published)),
  ];
};

const breaking = ({ file, schema }: Candidate, versions: readonly LockEntry[]): readonly Problem[] => {
  const seen = new Set<string>();
  return versions
    .flatMap((older) =>
      incompatibilities(older.schema, schema).map(({ field, problem }) => ({
        file,
        field,
        problem: `${problem} (Compared with published version ${older.version}.)`,
      })),
    )
    .filter(({ field }) => {
      const first = !seen.has(String(field)); // the same break against ten versions is one problem
      seen.add(String(field));
      return first;
    });
};

/** A subject of an event, not of a sealed block: a block may lose its last optional field. */
const EVENT_SUBJECT = /^tenure\.(\w+)\.v1-tenure\.\w+\.(\w+)$/;

const vanished = (subjects: readonly string[], candidates: readonly Candidate[]): readonly Problem[] => {
  const there = new Set(candidates.map((candidate) => candidate.subject));
  return subjects
    .filter((subject) => !there.has(subject) && EVENT_SUBJECT.test(subject))
    .map((subject) => ({
      file: subject.replace(EVENT_SUBJECT, 'schemas/$1/$2.avsc'),
      field: null,
      problem: 'was published and is gone: stored events need it; restore the file.',
    }));
};

const moved = (
  event: EventModel,
  published: ReadonlyMap<string, readonly LockEntry[]>,
): readonly Problem[] => {
  const file = `schemas/${event.source}/${event.name}.avsc`;
  const clear = fieldsOf(published.get(subjectOf(event.source, event.record.name)));
  const sealed = fieldsOf(published.get(subjectOf(event.source, blockName(event.source, event.name))));
  return event.record.fields.flatMap(({ name, pii }) => {
    if (pii !== false && clear.has(name))
      return [
        {
          file,
          field: name,
          problem: 'was published in the clear, so sealing it hides nothing that is stored: add a new field.',
        },
      ];
    if (pii === false && sealed.has(name))
      return [
        {
          file,
          field: name,
          problem: 'was published as personal data and stays so: keep its pii tag, or add a new field.',
        },
      ];
    return [];
  });
};

const fieldsOf = (versions: readonly LockEntry[] | undefined): ReadonlySet<string> =>
  new Set(
    (versions ?? []).flatMap(({ schema }) =>
      ((schema as { readonly fields?: readonly { readonly name: string }[] }).fields ?? []).map(
        ({ name }) => name,
      ),
    ),
  );
