// The check at declaration: what could never work is refused before the first command.
import { NOTHING, type Aggregate, type Parts } from '@tenure/core';
import { z } from 'zod';
import type { AggregateSpec, Reaction, ReactionOf, ServiceDefinition } from './definition.ts';

/**
 * Declares a write service. Refuses at once what cannot work: two aggregates of one name or path, a command without
 * schema, a schema that is not strict, a creating command that is not legal on a new stream, a reaction or a deadline on an
 * event that its own aggregates do not have.
 */
export const defineService = (definition: ServiceDefinition): ServiceDefinition => {
  const seen = new Set<string>();
  for (const spec of definition.aggregates) {
    for (const name of [spec.model.name, `/${spec.plural}`]) {
      if (seen.has(name)) wrong(definition, `has two aggregates called ${name}`);
      seen.add(name);
    }
    for (const problem of problemsOf(spec)) wrong(definition, `${spec.model.name}: ${problem}`);
  }
  for (const problem of processProblems(definition)) wrong(definition, problem);
  return definition;
};

const wrong = (definition: ServiceDefinition, problem: string): never => {
  throw new TypeError(`The service ${definition.name} ${problem}.`);
};

const problemsOf = (spec: AggregateSpec): readonly string[] => {
  const problems: string[] = [];
  const { transitions } = spec.model;
  for (const name of Object.keys(transitions)) {
    const command = spec.commands[name];
    if (command === undefined) problems.push(`${name} has no schema`);
    else if (!isStrict(command.body)) problems.push(`the body of ${name} is not a strict object`);
  }
  for (const name of [...Object.keys(spec.commands), ...(spec.internal ?? [])])
    if (!(name in transitions)) problems.push(`${name} is no command of the model`);
  if (!transitions[spec.creates]?.includes(NOTHING))
    problems.push(`${spec.creates} creates it and is not legal on a new stream`);
  if (!/^[a-z0-9]+$/.test(spec.model.name))
    problems.push('its name is the prefix of its streams: letters and digits only');
  return problems;
};

/** Of other services' events the definition knows nothing; its own it can look up. */
const processProblems = ({ name, aggregates, reactions = [], deadlines }: ServiceDefinition) => {
  const own = new Map<string, ReadonlySet<string>>();
  for (const { model, source = name } of aggregates)
    own.set(source, new Set([...(own.get(source) ?? []), ...Object.keys(model.evolve)]));
  const problems: string[] = [];
  const names = reactions.map((one) => one.name);
  for (const twice of new Set(names.filter((one, i) => names.indexOf(one) !== i)))
    problems.push(`has two reactions called ${twice}`);
  for (const { name: reacting, on } of reactions)
    for (const [source, types] of Object.entries(on))
      for (const type of types)
        if (own.get(source)?.has(type) === false)
          problems.push(`reacts (${reacting}) to ${type}, which none of its aggregates has`);
  const events = new Set([...own.values()].flatMap((types) => [...types]));
  for (const type of Object.keys(deadlines?.on ?? {}))
    if (!events.has(type)) problems.push(`has a deadline on ${type}, which none of its aggregates has`);
  return problems;
};

/** A strict schema says so in its JSON form, whatever it is wrapped in. */
const isStrict = (schema: z.ZodType): boolean => {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const parts = json.anyOf ?? json.oneOf;
  return (parts ?? [json]).every(
    (part) => typeof part === 'object' && (part.additionalProperties === false || '$ref' in part),
  );
};

/** An aggregate as the kit takes it. The kit hands a decider only what that aggregate's schemas and events gave. */
export function modelOf<P extends Parts>(model: Aggregate<P>): Aggregate<Parts>;
export function modelOf(model: unknown): Aggregate<Parts> {
  return model as Aggregate<Parts>;
}

/** A reaction that gathers, as the kit takes it. The kit hands `react` only what its own `gather` answered. */
export function reaction<G extends object>(definition: ReactionOf<G>): Reaction;
export function reaction(definition: unknown): Reaction {
  return definition as Reaction;
}
