// Who was refused and who saw personal data: every denied request is written before its answer, reads are gathered and
// written within a second.
import type { Principal } from './access.ts';

/** `route` is the template, never the path with its ids; `fields` are pointers into the answer, never values. */
export type AuditEntry = {
  readonly kind: 'refused' | 'opened' | 'act';
  /** Wall time, ms. */
  readonly at: number;
  readonly sub: string | null;
  readonly roles: readonly string[];
  readonly route: string;
  readonly requestId: string;
  readonly code?: string;
  readonly purpose?: string;
  /** Whose personal data was opened, and which fields. */
  readonly opened?: readonly { readonly customerId: string; readonly fields: readonly string[] }[];
  /** For an act (a replay, a retry, …): what was done. */
  readonly act?: string;
};

/** Where entries go: resolves when they are durable. */
export type WriteAudit = (entries: readonly AuditEntry[]) => Promise<void>;

export interface Audit {
  /** Resolves when durable: refusals and acts. */
  write(entry: AuditEntry): Promise<void>;
  /** Written within a second, together with others. Waits only when too many wait. */
  later(entry: AuditEntry): Promise<void>;
  /** Writes what waits. */
  flush(): Promise<void>;
}

/** The promise of the interface: a read stands in the audit a second later at most. */
const FLUSH_MS = 1_000;
/** At so many entries they are written at once, so a burst of reads cannot fill the memory. */
const MAX_WAITING = 500;

/** Sets a timer and answers how to call it off. */
export type Timer = (run: () => void, ms: number) => () => void;

export const systemTimer: Timer = (run, ms) => {
  const timer = setTimeout(run, ms);
  timer.unref();
  return () => clearTimeout(timer);
};

/** `failed` is told when a write in the background fails; the entries stay and are written with the next ones. */
export const auditTrail = (
  write: WriteAudit,
  failed: (error: unknown) => void,
  timer: Timer = systemTimer,
): Audit => {
  let waiting: AuditEntry[] = [];
  let cancel: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    cancel?.();
    cancel = undefined;
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return writing;
    // One after the other: the order of the trail is the order of the reads.
    const written = writing.then(() => write(batch));
    writing = written.catch(() => {
      waiting = [...batch, ...waiting];
    });
    return written;
  };
  const background = (): void => {
    cancel = undefined;
    flush().catch(failed);
  };
  return {
    write: (entry) => write([entry]),
    later: async (entry) => {
      // A trail that cannot be written stops the reads it is about: nothing is opened unseen.
      if (waiting.length >= MAX_WAITING) await flush();
      waiting.push(entry);
      cancel ??= timer(background, FLUSH_MS);
    },
    flush,
  };
};

/** The caller's part of an entry. */
export const auditOf = (
  principal: Principal | undefined,
  route: string,
  requestId: string,
): Pick<AuditEntry, 'sub' | 'roles' | 'route' | 'requestId'> & { readonly purpose?: string } => ({
  sub: principal?.sub ?? null,
  roles: principal?.roles ?? [],
  route,
  requestId,
  ...(principal?.purpose !== undefined && { purpose: principal.purpose }),
});
