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

/** SHA-256 over the hash before, the time (ms) and the entry in canonical JSON. */
export const chainHash = (before: string, at: number, fact: AuditFact): string => {
  const { action, outcome, subject, fields, requestId } = fact;
  const entry = canonicalJson({ at, action, outcome, subject, fields, requestId });
  return createHash('sha256').update(`${before}\n${entry}`).digest('hex');
};

/** An entry as it was read back: its fact with `occurredAt` (ms) and its hash. */
export type ChainedFact = AuditFact & { readonly at: number; readonly chainSha256: string };

/** Index of the first entry that does not follow from the one before: something was changed or left out. Null: whole. */
export const brokenAt = (entries: readonly ChainedFact[], start = CHAIN_START): number | null => {
  let before = start;
  for (const [index, entry] of entries.entries()) {
    if (chainHash(before, entry.at, entry) !== entry.chainSha256) return index;
    before = entry.chainSha256;
  }
  return null;
};

const who = (entry: AuditEntry): string => entry.sub ?? 'anonymous';

/** One fact per opened customer, else one per entry. */
export const auditFacts = (entry: AuditEntry): readonly AuditFact[] => {
  const { requestId, route } = entry;
  switch (entry.kind) {
    case 'opened': {
      const purpose = entry.purpose === undefined ? '' : ` for ${entry.purpose}`;
      const action = `${who(entry)} opened ${route}${purpose}`;
      return (entry.opened ?? []).map(({ customerId, fields }) => ({
        action,
        outcome: 'DONE',
        subject: customerId,
        fields,
        requestId,
      }));
    }
    case 'refused': {
      const action = `${who(entry)} ${entry.code ?? 'REFUSED'}`;
      return [{ action, outcome: 'REFUSED', subject: route, fields: [], requestId }];
    }
    case 'act': {
      const action = `${who(entry)} ${entry.act ?? 'acted'}`;
      return [{ action, outcome: 'DONE', subject: route, fields: [], requestId }];
    }
    default:
      return entry.kind satisfies never;
  }
};

type Link = { readonly hash: string; readonly facts: readonly NamedFact[] };

/** The entries as links behind `before`. */
const linksOf = (before: string, entries: readonly AuditEntry[]): Link => {
  let hash = before;
  const facts = entries.flatMap((entry) =>
    auditFacts(entry).map((fact): NamedFact => {
      hash = chainHash(hash, entry.at, fact);
      return {
        type: 'AuditRecorded',
        name: hash,
        occurredAt: entry.at,
        data: { ...fact, chainSha256: hash },
      };
    }),
  );
  return { hash, facts };
};

/**
 * Writes entries as a chain, one batch after the other, a stream per business date. `newest` reads the hash of the
 * newest entry in the store: at the first write, and after every one whose outcome is unknown. The caller keeps what
 * could not be written and brings it again; what was written after all is recognised then.
 */
export const auditChain = (ledger: Ledger, zone: string, newest: () => Promise<string>): WriteAudit => {
  let known: string | null = null;
  let unsure: { readonly hash: string; readonly entries: readonly AuditEntry[] } | null = null;
  const stored = new WeakSet<AuditEntry>();
  let turn: Promise<void> = Promise.resolve();

  const resume = async (): Promise<string> => {
    const hash = await newest();
    if (unsure?.hash === hash) for (const entry of unsure.entries) stored.add(entry);
    unsure = null;
    return hash;
  };
  const write = async (entries: readonly AuditEntry[]): Promise<void> => {
    let before = known ?? (await resume());
    known = null;
    const fresh = entries.filter((entry) => !stored.has(entry));
    for (const [date, batch] of Map.groupBy(fresh, (entry) => dateAt(entry.at, zone))) {
      const { hash, facts } = linksOf(before, batch);
      if (facts.length === 0) continue;
      unsure = { hash, entries: batch };
      await ledger.append('audit', date, 'any', facts, { kind: 'process', id: 'audit' });
      unsure = null;
      for (const entry of batch) stored.add(entry);
      before = hash;
    }
    known = before;
  };
  return (entries) => {
    const written = turn.then(() => write(entries));
    turn = written.catch(() => undefined); // the caller has the error and keeps the entries
    return written;
  };
};
