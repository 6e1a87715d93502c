// CaseSla without a platform: one case, its reactions at once, its deadlines in the order of their time. The functions
// are those of the service; what is missing is only what may go wrong between them.
import {
  addDays,
  allowedCommands,
  dateAt,
  decide,
  evolve,
  isTenureError,
  startOfDate,
  uuid5,
  type CommandContext,
  type EventOf,
} from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { IssuedCommand } from '@tenure/service-kit';
import { SCENARIO_CONTEXT } from '@tenure/testing';
import { serviceCase } from '../src/case.ts';
import type { CaseContext, CaseEvents, CaseState } from '../src/case-parts.ts';
import { deadlines } from '../src/deadlines.ts';
import { caseSla } from '../src/reactions.ts';
import { caseId, context, type CaseCommand } from './cases.ts';
import { policies } from './shipped.ts';

const ZONE = 'UTC';

type Waiting = { readonly command: IssuedCommand } & ({ readonly at: number } | { readonly day: string });

export type Who = Pick<CommandContext, 'actor' | 'roles'>;
const person: Who = { actor: SCENARIO_CONTEXT.actor, roles: ['supervisor'] };
const process: Who = { actor: { kind: 'process', id: 'CaseSla' }, roles: ['service:service'] };
const clock: Who = { actor: { kind: 'clock', id: 'clock' }, roles: ['service:service'] };

export type Engine = {
  readonly events: readonly DecodedEvent[];
  state(): CaseState;
  due(): ReadonlyMap<string, Waiting>;
  /** Sends a command now; its reactions follow at once. The code of a refusal, else null. */
  send(command: CaseCommand, more?: Partial<CaseContext>): string | null;
  /** Lets time pass: what is due fires, days close. */
  advanceTo(instant: number): void;
};

export const engine = (start: number): Engine => {
  const events: DecodedEvent[] = [];
  const due = new Map<string, Waiting>();
  let state = serviceCase.initial;
  let now = start;

  const send = (
    command: CaseCommand,
    who: Who,
    at: number,
    more: Partial<CaseContext> = {},
  ): string | null => {
    const about = { ...SCENARIO_CONTEXT, ...who, now: at, today: dateAt(at, ZONE) };
    try {
      const facts = decide(serviceCase, state, command, { ...context, ...about, ...more });
      for (const fact of facts) record(fact, who, at);
      return null;
    } catch (error) {
      if (isTenureError(error)) return error.code;
      throw error;
    }
  };

  const record = (
    fact: { readonly type: string; readonly data: object },
    { actor }: Who,
    at: number,
  ): void => {
    const event = {
      id: uuid5(caseId, String(events.length)),
      type: fact.type,
      stream: `case-${caseId}`,
      revision: events.length,
      source: 'service',
      position: events.length + 1,
      key: SCENARIO_CONTEXT.customerId,
      occurredAt: at,
      recordedAt: at,
      schemaId: 1,
      meta: { commandId: caseId, correlationId: caseId, actor },
      data: fact.data,
      sealed: null,
    } satisfies DecodedEvent;
    events.push(event);
    state = evolve(serviceCase, state, [event as unknown as EventOf<CaseEvents>]);
    for (const change of deadlines.on[event.type]?.(event, { policies, zone: ZONE }) ?? [])
      if ('clear' in change) due.delete(change.clear);
      else due.set(change.set, change);
    if (!caseSla.on['service']?.includes(event.type)) return;
    for (const issued of caseSla.react(event, { policies, zone: ZONE, gathered: {} }))
      send({ name: issued.command, data: issued.body } as CaseCommand, process, event.occurredAt);
  };

  const fire = (key: string, { command }: Waiting, at: number): void => {
    due.delete(key);
    send({ name: command.command, data: command.body } as CaseCommand, clock, at);
  };

  const fireUntil = (instant: number): void => {
    for (;;) {
      const [first] = [...due]
        .flatMap(([key, one]) => ('at' in one && one.at <= instant ? [{ key, one, at: one.at }] : []))
        .toSorted((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
      if (first === undefined) return;
      fire(first.key, first.one, first.at);
    }
  };

  const closeDay = (day: string, end: number): void => {
    for (const [key, one] of due) if ('day' in one && one.day <= day) fire(key, one, end);
  };

  return {
    events,
    state: () => state,
    due: () => due,
    send(command, more) {
      const code = send(command, person, now, more);
      fireUntil(now);
      return code;
    },
    advanceTo(instant) {
      for (let day = dateAt(now, ZONE); ; day = addDays(day, 1)) {
        const end = startOfDate(addDays(day, 1), ZONE);
        if (end > instant) break;
        fireUntil(end);
        closeDay(day, end);
      }
      fireUntil(instant);
      now = instant;
    },
  };
};

/** The commands that the state of an engine allows. */
export const allowedIn = (running: Engine): readonly string[] =>
  allowedCommands(serviceCase, running.state());
