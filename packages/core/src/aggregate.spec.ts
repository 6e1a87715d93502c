import { describe, expect, it } from 'vitest';
import {
  aggregate,
  allowedCommands,
  decide,
  evolve,
  idOfStream,
  NOTHING,
  streamOf,
  type CommandContext,
} from './aggregate.ts';
import type { RecordedEvent } from './event.ts';

type LampEvents = { LampHung: { readonly watts: number }; LampLit: object };
type Lamp = {
  readonly state: { readonly status: '∅' | 'Dark' | 'Lit'; readonly watts: number };
  readonly events: LampEvents;
  readonly facts: LampEvents;
  readonly commands: { readonly HangLamp: { readonly watts: number }; readonly LightLamp: object };
  readonly context: object;
};

const lamp = aggregate<Lamp>({
  name: 'lamp',
  initial: { status: NOTHING, watts: 0 },
  transitions: { HangLamp: [NOTHING], LightLamp: ['Dark'] },
  decide: {
    HangLamp: (_, { watts }) => [{ type: 'LampHung', data: { watts } }],
    LightLamp: () => [{ type: 'LampLit', data: {} }],
  },
  evolve: {
    LampHung: (state, { data }) => ({ ...state, status: 'Dark', watts: data.watts }),
    LampLit: (state) => ({ ...state, status: 'Lit' }),
  },
});

const context: CommandContext = {
  id: 'l1',
  customerId: 'c1',
  now: 0,
  today: '1970-01-01',
  commandId: 'k1',
  actor: { kind: 'user', id: 'u1' },
  roles: [],
};

const recorded = <T extends string, D>(type: T, data: D): RecordedEvent<T, D> => ({
  id: `e-${type}`,
  type,
  stream: 'lamp-l1',
  revision: 0,
  source: 'lamp',
  position: 1,
  key: 'c1',
  occurredAt: 0,
  recordedAt: 0,
  schemaId: 1,
  meta: { commandId: 'k1', correlationId: 'k1', actor: context.actor },
  data,
});

describe('decide', () => {
  it('asks the decider of a command that the state allows', () => {
    const facts = decide(lamp, lamp.initial, { name: 'HangLamp', data: { watts: 5 } }, context);
    expect(facts).toEqual([{ type: 'LampHung', data: { watts: 5 } }]);
  });

  it('refuses a command that the state does not allow, naming those it does', () => {
    expect(() =>
      decide(lamp, { status: 'Dark', watts: 5 }, { name: 'HangLamp', data: { watts: 5 } }, context),
    ).toThrow(
      expect.objectContaining({
        code: 'ILLEGAL_STATE',
        message: 'HangLamp is not allowed while the lamp is Dark.',
        data: { status: 'Dark', allowedCommands: ['LightLamp'] },
      }),
    );
  });

  it('says so when there is nothing yet', () => {
    expect(() => decide(lamp, lamp.initial, { name: 'LightLamp', data: {} }, context)).toThrow(
      'LightLamp needs an existing lamp; there is none with this id.',
    );
  });
});

describe('evolve', () => {
  it('folds events over a state in their order', () => {
    const history = [recorded('LampHung', { watts: 7 }), recorded('LampLit', {})];
    expect(evolve(lamp, lamp.initial, history)).toEqual({ status: 'Lit', watts: 7 });
    expect(evolve(lamp, lamp.initial, [])).toBe(lamp.initial);
  });

  it('refuses an event that the aggregate does not know', () => {
    const foreign = recorded('CandleLit', {}) as RecordedEvent<string, object> as ReturnType<
      typeof recorded<'LampLit', object>
    >;
    expect(() => evolve(lamp, lamp.initial, [foreign])).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_EVENT' }),
    );
  });
});

describe('allowedCommands', () => {
  it('lists them in the order of the table', () => {
    expect(allowedCommands(lamp, { status: 'Lit', watts: 1 })).toEqual([]);
    expect(allowedCommands(lamp, lamp.initial)).toEqual(['HangLamp']);
  });
});

describe('a stream', () => {
  it('is named after its aggregate and id', () => {
    expect(streamOf('retention-case', 'x')).toBe('retention-case-x');
    expect(idOfStream(streamOf('lamp', '0192-ab'))).toBe('0192-ab');
  });
});
