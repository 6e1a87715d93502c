// CaseSla, stopped at each of its steps: whatever dies when, the same events are written in the end.
import { describe, expect, it } from 'vitest';
import { Died, durable, startChain, written, caseId, customerId, type Death } from './chain-world.ts';

const OPENED = Date.parse('2026-03-17T00:00:00Z');
type Chain = Awaited<ReturnType<typeof startChain>>;
type Step = (chain: Chain) => Promise<void>;

const opening = {
  ...{ channel: 'EMAIL', category: 'PRODUCT_FAULT', priority: 'NORMAL', subject: 'No light' },
};

/** A case whose every promise breaks, which is asked, answered, solved, reopened and closed. */
const story: readonly Step[] = [
  (chain) => chain.send('OpenCase', opening),
  (chain) => chain.send('AssignCase', { agentId: customerId }),
  (chain) => chain.close('2026-03-17'),
  (chain) => chain.send('RespondToCase', { byHuman: true }),
  (chain) => chain.send('PendOnCustomer', { question: 'Which colour?' }),
  (chain) => chain.close('2026-03-18'),
  (chain) => chain.send('RecordCustomerReply'),
  (chain) => chain.close('2026-03-31'),
  (chain) => chain.send('ResolveCase', { resolutionCode: 'REPLACED', firstContact: false }),
  (chain) => chain.close('2026-04-02'),
  (chain) => chain.send('ReopenCase', { reason: 'Dark again' }),
  (chain) => chain.send('ResolveCase', { resolutionCode: 'SOLVED', firstContact: false }, 'again'),
  (chain) => chain.close('2026-04-12'),
];

const expected = [
  ['CaseOpened', '2026-03-17T00:00:00.000Z'],
  ['EntitlementVerified', '2026-03-17T00:00:00.000Z'],
  ['SlaClockStarted', '2026-03-17T00:00:00.000Z'],
  ['SlaClockStarted', '2026-03-17T00:00:00.000Z'],
  ['CaseAssigned', '2026-03-17T00:00:00.000Z'],
  ['SlaBreached', '2026-03-17T14:00:00.000Z'],
  ['CaseEscalated', '2026-03-17T14:00:00.000Z'],
  ['CaseResponded', '2026-03-18T00:00:00.000Z'],
  ['CasePendedOnCustomer', '2026-03-18T00:00:00.000Z'],
  ['CustomerReplyReceived', '2026-03-19T00:00:00.000Z'],
  ['SlaClockStarted', '2026-03-19T00:00:00.000Z'],
  ['SlaBreached', '2026-03-19T18:00:00.000Z'],
  ['SlaBreached', '2026-03-24T18:00:00.000Z'],
  ['CaseEscalated', '2026-03-24T18:00:00.000Z'],
  ['CaseEscalated', '2026-03-26T18:00:00.000Z'],
  ['CaseResolved', '2026-04-01T00:00:00.000Z'],
  ['CaseReopened', '2026-04-03T00:00:00.000Z'],
  ['SlaClockStarted', '2026-04-03T00:00:00.000Z'],
  ['SlaClockStarted', '2026-04-03T00:00:00.000Z'],
  ['CaseResolved', '2026-04-03T00:00:00.000Z'],
  ['CaseClosed', '2026-04-11T00:00:00.000Z'],
];

/** Tells the story; a death ends the process, and the next one goes on with the step that was not finished. */
const tell = async (death: Death | null) => {
  const over = durable(OPENED);
  let chain = await startChain(over, death);
  let deaths = 0;
  for (const step of story) {
    try {
      await step(chain);
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      deaths++;
      await chain.end();
      chain = await startChain(over);
      await chain.settle();
      await step(chain);
    }
  }
  const [issued, parked] = [chain.issued(), chain.parked()];
  await chain.end();
  return { over, events: await written(over), issued, parked, deaths };
};

describe('CaseSla', { timeout: 120_000 }, () => {
  it('carries a case through all its promises', async () => {
    const { events, parked } = await tell(null);
    expect(events.map(({ type, at }) => [type, at])).toEqual(expected);
    expect(parked).toEqual([]);
  });

  it('writes the same whenever the process dies, before or after the answer to any of its commands', async () => {
    const undisturbed = await tell(null);
    expect(undisturbed.issued).toBeGreaterThan(15);
    for (let at = 1; at <= undisturbed.issued; at++)
      for (const when of ['before', 'after'] as const) {
        const { events, parked, deaths } = await tell({ at, when });
        expect([at, when, deaths, events]).toEqual([at, when, 1, undisturbed.events]);
        expect(parked).toEqual([]);
      }
  });

  it('says nothing twice when every event comes again', async () => {
    const { over, events } = await tell(null);
    // A process with no memory of what it has done: no checkpoint of the relay, the log or the reactions.
    const { store, keys, closed, clock } = over;
    const chain = await startChain({ ...durable(clock.now()), store, keys, closed });
    await chain.settle();
    expect(chain.issued()).toBeGreaterThan(10);
    await chain.close('2026-04-30');
    await chain.end();
    expect(await written(over)).toEqual(events);
  });

  it('breaks what is due when it comes back late, dated at the end of the promise', async () => {
    const over = durable(OPENED);
    const first = await startChain(over);
    await first.send('OpenCase', opening);
    await first.end();
    over.clock.set(Date.parse('2026-03-20T10:00:00Z')); // nobody was there for three days
    const second = await startChain(over);
    await second.close('2026-03-20');
    await second.end();
    expect((await written(over)).slice(4).map(({ type, at }) => [type, at])).toEqual([
      ['SlaBreached', '2026-03-17T14:00:00.000Z'],
      ['CaseEscalated', '2026-03-17T14:00:00.000Z'],
    ]);
  });

  it('breaks nothing that was kept, asked or solved before', async () => {
    for (const [command, body] of [
      ['RespondToCase', { byHuman: true }],
      ['PendOnCustomer', { question: 'Which colour?' }],
      ['ResolveCase', { resolutionCode: 'SOLVED', firstContact: true }],
      ['DenyEntitlement', { reasonCode: 'MISUSE', chargeable: true }],
    ] as const) {
      const over = durable(OPENED);
      const chain = await startChain(over);
      await chain.send('OpenCase', opening);
      await chain.send('AssignCase', { agentId: customerId });
      await chain.send(command, body);
      await chain.close('2026-03-18');
      await chain.end();
      expect((await written(over)).map(({ type }) => type)).not.toContain('SlaBreached');
    }
  });

  it('keeps its promise to a customer who was answered before anybody could verify what he is entitled to', async () => {
    const over = durable(OPENED);
    const chain = await startChain(over, { at: 1, when: 'before' });
    await expect(chain.send('OpenCase', opening)).rejects.toThrow(Died);
    // The automatic reply is faster than the process that starts again.
    await expect(chain.send('RespondToCase', { byHuman: false })).rejects.toThrow(Died);
    await chain.end();
    const next = await startChain(over);
    await next.settle();
    await next.end();
    expect((await written(over)).map(({ type }) => type)).toEqual([
      'CaseOpened',
      'CaseResponded',
      'EntitlementVerified',
      'SlaClockStarted',
      'SlaClockStarted',
    ]);
  });

  it('shows in the list what is due, and what broke', async () => {
    const over = durable(OPENED);
    const chain = await startChain(over);
    const row = async () => {
      const rows = await chain.lookups.query('cases', {
        filters: [{ column: 'customer_id', op: 'eq', value: customerId }],
        limit: 10,
      });
      const { fields } = JSON.parse(rows[0]?.body ?? '{}').slices.service;
      return { ids: rows.map(({ id }) => id), fields, columns: rows[0]?.columns };
    };
    await chain.send('OpenCase', opening);
    await chain.close('2026-03-17');
    const { ids, fields, columns } = await row();
    expect(ids).toEqual([caseId]);
    expect(fields).toMatchObject({ priority: 'NORMAL', breached: 1 });
    expect(columns).toContain(Date.parse('2026-03-17T14:00:00Z'));
    await chain.send('RespondToCase', { byHuman: true });
    await chain.close('2026-03-18');
    expect((await row()).columns).toContain(Date.parse('2026-03-23T18:00:00Z'));
    await chain.end();
  });
});
