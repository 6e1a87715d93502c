// A write model as data and pure functions: which command is legal where (`transitions`), what it means
// (`decide`), and how events make up the state (`evolve`). No I/O, no clock, no randomness.
import type { EventMap, EventOf, FactOf } from './event.ts';
import { TenureError } from './errors.ts';

/** The status of a stream that does not exist yet (∅ in the tables of the domain). */
export const NOTHING = '∅';

export type State = { readonly status: string };
export type CommandMap = Readonly<Record<string, object>>;

/** What an aggregate is made of: its state, the events it reads back, the facts it writes, its commands. */
export type Parts = {
  readonly state: State;
  readonly events: EventMap;
  readonly facts: EventMap;
  readonly commands: CommandMap;
  readonly context: object;
};

/** What every decider may know beyond its stream. `now` is the command's occurredAt (ms UTC). */
export type CommandContext = {
  readonly id: string;
  readonly customerId: string;
  readonly now: number;
  /** The business date of `now` in the deployment's zone, YYYY-MM-DD. */
  readonly today: string;
  readonly commandId: string;
  readonly actor: {
    readonly kind: 'user' | 'customer' | 'process' | 'import' | 'clock';
    readonly id: string;
  };
  readonly roles: readonly string[];
};

// Declared as methods: the kit handles aggregates of any parts and hands each function only what is its own.
export type Decide<P extends Parts, C extends keyof P['commands']> = {
  decide(
    state: P['state'],
    command: P['commands'][C],
    context: CommandContext & P['context'],
  ): readonly FactOf<P['facts']>[];
}['decide'];

export type Evolve<P extends Parts, T extends keyof P['events'] & string> = {
  evolve(state: P['state'], event: Extract<EventOf<P['events']>, { type: T }>): P['state'];
}['evolve'];

export type Aggregate<P extends Parts> = {
  /** Lower-case name: the prefix of its streams (`order` → `order-<id>`). */
  readonly name: string;
  readonly initial: P['state'];
  /** The statuses in which each command is legal, in the order of the domain's table. */
  readonly transitions: { readonly [C in keyof P['commands'] & string]: readonly P['state']['status'][] };
  readonly decide: { readonly [C in keyof P['commands'] & string]: Decide<P, C> };
  readonly evolve: { readonly [T in keyof P['events'] & string]: Evolve<P, T> };
};

/** Declares an aggregate; the types follow from its parts. */
export const aggregate = <P extends Parts>(definition: Aggregate<P>): Aggregate<P> => definition;

export const streamOf = (name: string, id: string): string => `${name}-${id}`;
export const idOfStream = (stream: string): string => stream.slice(stream.indexOf('-') + 1);

/** Commands that the state allows, in the order of the domain's table. */
export const allowedCommands = <P extends Parts>(model: Aggregate<P>, state: P['state']): readonly string[] =>
  Object.entries<readonly string[]>(model.transitions)
    .filter(([, from]) => from.includes(state.status))
    .map(([command]) => command);

/** Folds events over a state. An event that the aggregate does not know is an error: streams are its own. */
export const evolve = <P extends Parts>(
  model: Aggregate<P>,
  state: P['state'],
  events: Iterable<EventOf<P['events']>>,
): P['state'] => {
  let next = state;
  for (const event of events) {
    const apply = model.evolve[event.type] as ((state: P['state'], event: unknown) => P['state']) | undefined;
    if (apply === undefined)
      throw new TenureError('UNKNOWN_EVENT', `${event.type} is no event of ${model.name}.`, {
        stream: event.stream,
      });
    next = apply(next, event);
  }
  return next;
};

/** Decides a command: refuses it where the state forbids it (409), else asks its decider. */
export const decide = <P extends Parts>(
  model: Aggregate<P>,
  state: P['state'],
  command: { readonly name: keyof P['commands'] & string; readonly data: object },
  context: CommandContext & P['context'],
): readonly FactOf<P['facts']>[] => {
  const allowed = allowedCommands(model, state);
  if (!allowed.includes(command.name))
    throw new TenureError('ILLEGAL_STATE', illegal(command.name, model.name, state.status), {
      status: state.status,
      allowedCommands: allowed,
    });
  return model.decide[command.name](state, command.data as P['commands'][typeof command.name], context);
};

const illegal = (command: string, name: string, status: string): string =>
  status === NOTHING
    ? `${command} needs an existing ${name}; there is none with this id.`
    : `${command} is not allowed while the ${name} is ${status}.`;
