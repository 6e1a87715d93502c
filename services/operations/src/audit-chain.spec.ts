import { createCodec } from '@tenure/events';
import type { AuditEntry } from '@tenure/http';
import { memoryEventStore } from '@tenure/event-store';
import { TenureError } from '@tenure/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditChain, auditFacts, brokenAt, CHAIN_START, type ChainedFact } from './audit-chain.ts';
import { createLedger, type Ledger } from './ledger.ts';

const codec = createCodec();
const DAY = Date.parse('2026-11-20T09:00:00Z');

const refusal = (n: number, at = DAY + n): AuditEntry => ({
  kind: 'refused',
  at,
  sub: 'ops-1',
  roles: ['ops'],
  route: 'POST /ops/replays',
  requestId: `request ${n}`,
  code: 'FORBIDDEN',
});

type Outcome = 'stored' | 'lost' | 'unknown';

const openWorld = () => {
  const store = memoryEventStore();
  const ledger = createLedger('ops', store, codec, { now: () => 0 });
  const outcomes: Outcome[] = [];
  const unsteady: Ledger = {
    async append(...call) {
      const outcome = outcomes.shift() ?? 'stored';
      if (outcome === 'lost') throw new TenureError('UNAVAILABLE', 'Away.', {}, { retriable: true });
      const appended = await ledger.append(...call);
      if (outcome === 'unknown') throw new TenureError('UNAVAILABLE', 'No answer.', {}, { retriable: true });
      return appended;
    },
  };
  const entries = async (): Promise<readonly ChainedFact[]> =>
    (await store.readAll(0, 10_000)).map((event) => {
      const { occurredAt, data } = codec.decode('ops', event);
      return { ...(data as ChainedFact), at: occurredAt };
    });
  const newest = async () => (await entries()).at(-1)?.chainSha256 ?? CHAIN_START;
  return { outcomes, entries, open: () => auditChain(unsteady, 'UTC', newest), store };
};

const requests = (entries: readonly ChainedFact[]) => entries.map(({ requestId }) => requestId);

describe('an audit entry', () => {
  const about = { at: DAY, sub: 'agent-1', roles: ['agent'], requestId: 'r' };

  it('says who was refused what', () => {
    expect(auditFacts({ ...refusal(1), sub: null })).toEqual([
      {
        action: 'anonymous FORBIDDEN',
        outcome: 'REFUSED',
        subject: 'POST /ops/replays',
        fields: [],
        requestId: 'request 1',
      },
    ]);
  });

  it('is one per customer whose personal data was opened, with the fields and the purpose', () => {
    const opened = [
      { customerId: 'a', fields: ['/displayName'] },
      { customerId: 'b', fields: ['/x', '/y'] },
    ];
    const entry: AuditEntry = {
      kind: 'opened',
      route: 'GET /api/customers',
      opened,
      purpose: 'survey',
      ...about,
    };
    expect(auditFacts(entry)).toEqual([
      {
        action: 'agent-1 opened GET /api/customers for survey',
        outcome: 'DONE',
        subject: 'a',
        fields: ['/displayName'],
        requestId: 'r',
      },
      {
        action: 'agent-1 opened GET /api/customers for survey',
        outcome: 'DONE',
        subject: 'b',
        fields: ['/x', '/y'],
        requestId: 'r',
      },
    ]);
  });

  it('names an act', () => {
    const entry: AuditEntry = { kind: 'act', route: 'POST /ops/replays', act: 'replay orders', ...about };
    expect(auditFacts(entry)).toMatchObject([{ action: 'agent-1 replay orders', outcome: 'DONE' }]);
  });
});

describe('the chain', () => {
  it('is whole over batches, days and starts', async () => {
    const world = openWorld();
    const write = world.open();
    await write([refusal(1), refusal(2)]);
    await Promise.all([write([refusal(3)]), write([refusal(4), refusal(5, DAY + 86_400_000)])]);
    await world.open()([refusal(6)]);
    const entries = await world.entries();
    expect(requests(entries)).toEqual([
      'request 1',
      'request 2',
      'request 3',
      'request 4',
      'request 5',
      'request 6',
    ]);
    expect(brokenAt(entries)).toBeNull();
  });

  it('breaks where an entry was changed, left out, put in or moved', async () => {
    const entry = fc.record({ at: fc.nat(1_000), text: fc.string() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(entry, { minLength: 2, maxLength: 12 }),
        fc.nat(),
        fc.nat(4),
        async (told, pick, how) => {
          const world = openWorld();
          await world.open()(told.map(({ at, text }, i) => ({ ...refusal(i, DAY + at), code: text })));
          const entries = await world.entries();
          const index = pick % (entries.length - 1); // the last one cannot be missed
          const entryThere = entries[index] as ChainedFact;
          const changed = [
            entries.with(index, { ...entryThere, action: `${entryThere.action}!` }),
            entries.with(index, { ...entryThere, at: entryThere.at + 1 }),
            entries.toSpliced(index, 1),
            entries.toSpliced(index, 0, entryThere),
            entries.toSpliced(index, 2, entries[index + 1] as ChainedFact, entryThere),
          ][how] as readonly ChainedFact[];
          expect(brokenAt(entries)).toBeNull();
          expect(brokenAt(changed)).toBeGreaterThanOrEqual(index);
        },
      ),
    );
  });

  it('goes on after a write that was lost, from what is stored', async () => {
    const world = openWorld();
    const write = world.open();
    await write([refusal(1)]);
    world.outcomes.push('lost');
    const batch = [refusal(2), refusal(3)];
    await expect(write(batch)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await write([refusal(9)]);
    await write([...batch, refusal(4)]);
    const entries = await world.entries();
    expect(requests(entries)).toEqual(['request 1', 'request 9', 'request 2', 'request 3', 'request 4']);
    expect(brokenAt(entries)).toBeNull();
  });

  it('writes nothing twice when the answer of a write was lost', async () => {
    const world = openWorld();
    const write = world.open();
    world.outcomes.push('unknown');
    const batch = [refusal(1), refusal(2)];
    await expect(write(batch)).rejects.toThrow('No answer');
    await write([...batch, refusal(3)]);
    const entries = await world.entries();
    expect(requests(entries)).toEqual(['request 1', 'request 2', 'request 3']);
    expect(brokenAt(entries)).toBeNull();
  });

  it('writes nothing twice when a batch over midnight was stored in part', async () => {
    const world = openWorld();
    const write = world.open();
    world.outcomes.push('stored', 'lost');
    const batch = [refusal(1), refusal(2, DAY + 86_400_000)];
    await expect(write(batch)).rejects.toThrow('Away');
    await write(batch);
    const entries = await world.entries();
    expect(requests(entries)).toEqual(['request 1', 'request 2']);
    expect(brokenAt(entries)).toBeNull();
  });

  it('holds every entry once, whatever fails, when the caller brings again what was refused', async () => {
    const outcome = fc.constantFrom<Outcome>('stored', 'lost', 'unknown');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 8 }),
        fc.array(outcome, { maxLength: 12 }),
        async (sizes, outcomes) => {
          const world = openWorld();
          world.outcomes.push(...outcomes);
          const write = world.open();
          let waiting: AuditEntry[] = [];
          let n = 0;
          for (const size of sizes) {
            for (let i = 0; i < size; i++) waiting.push(refusal(n, DAY + n++ * 40_000_000));
            await write(waiting).then(
              () => (waiting = []),
              () => undefined,
            );
          }
          // Every outcome is used up by then.
          for (let tries = 0; waiting.length > 0 && tries <= outcomes.length; tries++)
            await write(waiting).then(
              () => (waiting = []),
              () => undefined,
            );
          const entries = await world.entries();
          expect(requests(entries)).toEqual(Array.from({ length: n }, (_, i) => `request ${i}`));
          expect(brokenAt(entries)).toBeNull();
        },
      ),
    );
  });
});
