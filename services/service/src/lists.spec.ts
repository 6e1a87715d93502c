// The lists say of every case and complaint what its stream says.
import type { DecodedEvent } from '@tenure/events';
import type { ProjectionDefinition } from '@tenure/projections';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import { at, caseId, commands, given, histories, OPENED, type CaseFact } from '../test/cases.ts';
import { histories as complaintHistories, type ComplaintFact } from '../test/complaints.ts';
import { engine } from '../test/engine.ts';
import { cases } from './case-list.ts';
import { complaints } from './complaint-list.ts';
import { policyId } from './case-rules.ts';

const recorded = (aggregate: string, facts: readonly (CaseFact | ComplaintFact)[]) =>
  facts.map((fact, revision) => ({
    ...fact,
    ...{ stream: `${aggregate}-${caseId}`, revision, key: idOf('customer'), source: 'service' },
    occurredAt: fact.occurredAt ?? OPENED + revision,
  })) as unknown as readonly DecodedEvent[];

/** The columns of the row that a list folds. */
const row = (definition: ProjectionDefinition, events: readonly DecodedEvent[]) => {
  const slice = definition.slices['service'];
  const state = events.reduce<unknown>(
    (folded, event) => slice?.on[event.type]?.(folded, event) ?? folded,
    slice?.init(),
  );
  const document = { id: caseId, slices: { service: state }, summary: null };
  return Object.fromEntries(definition.columns.map(({ name, value }) => [name, value(document)]));
};

describe('the list of cases', () => {
  it('has the status of the stream, in every state', () => {
    for (const [status, history] of Object.entries(histories).slice(1))
      expect(row(cases, recorded('case', history))).toMatchObject({ status, priority: 'NORMAL' });
  });

  it('knows every event of the aggregate and takes none of a complaint', () => {
    const of = (stream: string) => cases.documentId?.({ stream } as DecodedEvent);
    expect(of(`case-${caseId}`)).toBe(caseId);
    expect(of(`complaint-${caseId}`)).toBeNull();
  });

  it('says at every moment which promise ends first', () => {
    const running = engine(OPENED);
    const due = (): unknown => row(cases, running.events)['due_at'];
    running.send(commands.OpenCase);
    expect(due()).toBe(at('2026-03-17T14:00:00Z'));
    running.send(commands.AssignCase);
    running.advanceTo(at('2026-03-17T15:00:00Z'));
    expect(row(cases, running.events)).toMatchObject({ breached: 1, due_at: at('2026-03-17T14:00:00Z') });
    running.send(commands.RespondToCase);
    expect(due()).toBe(at('2026-03-23T18:00:00Z'));
    running.send(commands.PendOnCustomer);
    expect(due()).toBeNull();
    running.advanceTo(at('2026-03-19T11:00:00Z'));
    running.send(commands.RecordCustomerReply);
    // The next answer is due before the solution.
    expect(due()).toBe(at('2026-03-20T11:00:00Z'));
    running.send(commands.RespondToCase);
    expect(due()).toBe(running.state().clocks.waiting.RESOLUTION?.clock?.dueAt);
    running.send(commands.ResolveCase);
    expect(due()).toBeNull();
  });

  it('names agent and queue', () => {
    const queueId = policyId('service');
    const facts = [
      ...histories.New,
      {
        type: 'CaseAssigned',
        data: { caseId, agentId: idOf('ann'), queueId, skill: null, ruleId: 'manual' },
      },
    ] as const satisfies readonly CaseFact[];
    expect(given(...facts).state().agentId).toBe(idOf('ann'));
    expect(row(cases, recorded('case', facts))).toMatchObject({ agent_id: idOf('ann'), queue_id: queueId });
  });

  it('is labelled in both languages', () => {
    for (const definition of [cases, complaints])
      for (const { en, zh } of definition.columns)
        expect([/^[A-Z]/.test(en), /\p{Script=Han}/u.test(zh)]).toEqual([true, true]);
  });
});

describe('the list of complaints', () => {
  it('has the status of the stream, in every state', () => {
    for (const [status, history] of Object.entries(complaintHistories).slice(1))
      expect(row(complaints, recorded('complaint', history))).toMatchObject({
        ...{ status, topic: 'PRODUCT', severity: 'MEDIUM', case_id: null },
      });
  });
});
