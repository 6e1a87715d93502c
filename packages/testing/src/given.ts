// Given these events, when this command, then these facts: the specification form of an aggregate.
import {
  decide,
  evolve,
  streamOf,
  tenureNamespace,
  uuid5,
  type Aggregate,
  type CommandContext,
  type EventOf,
  type FactOf,
  type Parts,
} from '@tenure/core';
import { expect } from 'vitest';
import { noteCell } from './cells.ts';

/** 2026-01-15T10:00:00Z: when everything in a scenario happens, unless it says otherwise. */
export const SCENARIO_NOW = Date.UTC(2026, 0, 15, 10);

const NAMESPACE = tenureNamespace('scenario');

/** The id that a name stands for in scenarios: the same name, the same id. */
export const idOf = (name: string): string => uuid5(NAMESPACE, name);

/** What deciders know in a scenario that says nothing else. */
export const SCENARIO_CONTEXT: CommandContext = {
  id: idOf('aggregate'),
  customerId: idOf('customer'),
  now: SCENARIO_NOW,
  today: '2026-01-15',
  commandId: idOf('command'),
  actor: { kind: 'user', id: 'agent-1' },
  roles: ['agent'],
};

/** An event as a scenario states it: a fact in its recorded form, perhaps with its own time. */
export type Given<P extends Parts> = FactOf<P['events']> & { readonly occurredAt?: number };

export type Command<P extends Parts> = {
  [C in keyof P['commands'] & string]: { readonly name: C; readonly data: P['commands'][C] };
}[keyof P['commands'] & string];

/** What must come of a command. Each assertion fails the test that runs it. */
export type Outcome<P extends Parts> = {
  /** Exactly this fact, or these in this order; an empty list: the command changes nothing. */
  then(facts: FactOf<P['facts']> | readonly FactOf<P['facts']>[]): void;
  /** A refusal with this code, and at least this data. */
  refused(code: string, data?: Readonly<Record<string, unknown>>): void;
  /** The facts, for assertions of another kind. */
  facts(): readonly FactOf<P['facts']>[];
};

export type Scenario<P extends Parts> = {
  /** The state that the events make up. */
  state(): P['state'];
  when(command: Command<P>, context?: Partial<CommandContext & P['context']>): Outcome<P>;
};

/**
 * `given` for an aggregate, with the context that its deciders need beyond CommandContext. Ids and times are fixed:
 * event n of a scenario has revision and position n, and happened at SCENARIO_NOW unless it says otherwise.
 */
export const scenarios = <P extends Parts>(
  model: Aggregate<P>,
  context: P['context'] & Partial<CommandContext>,
): ((...events: readonly Given<P>[]) => Scenario<P>) => {
  const base: CommandContext & P['context'] = { ...SCENARIO_CONTEXT, ...context };
  return (...events) => {
    const recorded = events.map((event, revision) => recordedEvent(model.name, base, event, revision));
    const state = (): P['state'] => evolve(model, model.initial, recorded as EventOf<P['events']>[]);
    return {
      state,
      when: (command, over = {}) =>
        outcome<P>(() => {
          const before = state();
          const facts = decide(model, before, command, { ...base, ...over });
          noteCell(() => ({
            aggregate: model.name,
            from: before.status,
            command: command.name,
            events: facts.map(({ type }) => type),
            to: afterFacts(model, before, facts, base).status,
          }));
          return facts;
        }),
    };
  };
};

/** The state that the facts lead to, as if they had been recorded. */
const afterFacts = <P extends Parts>(
  model: Aggregate<P>,
  before: P['state'],
  facts: readonly FactOf<P['facts']>[],
  base: CommandContext,
): P['state'] => {
  const recorded = facts.map((fact, i) => recordedEvent(model.name, base, fact, i));
  return evolve(model, before, recorded as EventOf<P['events']>[]);
};

const recordedEvent = (
  name: string,
  { id, customerId, commandId, actor }: CommandContext,
  { type, data, key, occurredAt }: { type: string; data: unknown; key?: string; occurredAt?: number },
  revision: number,
): object => {
  const at = occurredAt ?? SCENARIO_NOW;
  return {
    id: idOf(`event-${revision}`),
    type,
    stream: streamOf(name, id),
    revision,
    source: name,
    position: revision + 1,
    key: key ?? customerId,
    occurredAt: at,
    recordedAt: at,
    schemaId: 1,
    meta: { commandId, correlationId: commandId, actor },
    data,
  };
};

const outcome = <P extends Parts>(facts: () => readonly FactOf<P['facts']>[]): Outcome<P> => ({
  facts,
  // oxlint-disable-next-line unicorn/no-thenable -- the word of the form; whoever awaits an outcome fails at once
  then(expected) {
    expect(facts()).toEqual(Array.isArray(expected) ? expected : [expected]);
  },
  refused(code, data = {}) {
    let refusal: unknown;
    let decided: readonly unknown[] | undefined;
    try {
      decided = facts();
    } catch (error) {
      refusal = error;
    }
    expect(decided, `expected ${code}, but the command was accepted`).toBeUndefined();
    expect(refusal).toMatchObject({ code, data });
  },
});
