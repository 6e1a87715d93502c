// The audit as events: every entry carries the hash of the one before, so that nothing can be left out unseen.
import { createHash } from 'node:crypto';
import { canonicalJson, dateAt } from '@tenure/core';
import type { AuditEntry, WriteAudit } from '@tenure/http';
import type { Ledger, NamedFact } from './ledger.ts';

/** An entry in the words of the event; personal data never, ids and pointers only. */
export type AuditFact = {
  readonly action: string;
  readonly outcome: 'DONE' | 'REFUSED';
  readonly subject: string;
  readonly fields: readonly string[];
  readonly requestId: string;
};

/** The hash that the first entry ever builds on. */
export const CHAIN_START = '0'.repeat(64);

/** SHA-256 over the hash before and the entry in canonical JSON. */
export const chainHash = (before: string, entry: AuditFact): string =>
  createHash('sha256')
    .update(`${before}\n${canonicalJson(entry)}`)
    .digest('hex');

const who = (entry: AuditEntry): string => entry.sub ?? 'anonymous';

/** One fact per opened customer, else one per entry. */
export const auditFacts = (entry: AuditEntry): readonly AuditFact[] => {
  const about = {
    requestId: entry.requestId,
    outcome: entry.kind === 'refused' ? 'REFUSED' : 'DONE',
  } as const;
  switch (entry.kind) {
    case 'opened':
      return (entry.opened ?? []).map(({ customerId, fields }) => ({
        ...about,
        action: `${who(entry)} opened ${entry.route}${entry.purpose === undefined ? '' : ` for ${entry.purpose}`}`,
        subject: customerId,
        fields,
      }));
    case 'refused':
      return [
        { ...about, action: `${who(entry)} ${entry.code ?? 'REFUSED'}`, subject: entry.route, fields: [] },
      ];
    case 'act':
      return [
        { ...about, action: `${who(entry)} ${entry.act ?? 'acted'}`, subject: entry.route, fields: [] },
      ];
    default:
      return entry.kind satisfies never;
  }
};

/** Writes entries as a chain, one batch after the other, a stream per business date. `last`: hash of the newest entry. */
export const auditChain = (ledger: Ledger, zone: string, last: string): WriteAudit => {
  let hash = last;
  let turn: Promise<void> = Promise.resolve();
  const write = async (entries: readonly AuditEntry[]): Promise<void> => {
    for (const [date, batch] of Map.groupBy(entries, (entry) => dateAt(entry.at, zone))) {
      let next = hash;
      const facts = batch.flatMap((entry) =>
        auditFacts(entry).map((fact): NamedFact => {
          next = chainHash(next, fact);
          return {
            type: 'AuditRecorded',
            name: next,
            occurredAt: entry.at,
            data: { ...fact, chainSha256: next },
          };
        }),
      );
      if (facts.length === 0) continue;
      await ledger.append('audit', date, 'any', facts, { kind: 'process', id: 'audit' });
      hash = next;
    }
  };
  return (entries) => {
    const written = turn.then(() => write(entries));
    turn = written.catch(() => undefined); // the caller has the error and keeps the entries
    return written;
  };
};
