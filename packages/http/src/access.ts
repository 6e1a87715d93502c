// Who may do what: one typed table (role × right) and one `authorize` for every way in. Nothing is allowed by default.
import type { Caller } from '@tenure/service-kit';

/** Who asks. `purpose` stands only where a token of at most 8 hours names one (personal data for analysis). */
export type Principal = Caller & {
  readonly purpose?: string | undefined;
  /** End of the token, s since the epoch, wall time. */
  readonly expiresAt: number;
};

export const ROLES = [
  'agent',
  'supervisor',
  'service',
  'import',
  'ops',
  'ops-approver',
  'bi-reader',
  'bi-pii',
  'privacy-officer',
  'auditor',
  'admin',
] as const;
export type Role = (typeof ROLES)[number];

/**
 * open, masked: read customers with or without their personal data · command · batch: many commands in one request ·
 * backfill: commands as imported history · ops-read, ops-head (heads and log) · clock · replay (and verify) ·
 * activate (rollback, retire) · heal (and retry) · skip · erasure-ask, erasure-approve · audit · tokens.
 */
export const RIGHTS = [
  'open',
  'masked',
  'command',
  'batch',
  'backfill',
  'ops-read',
  'ops-head',
  'clock',
  'replay',
  'activate',
  'heal',
  'skip',
  'erasure-ask',
  'erasure-approve',
  'audit',
  'tokens',
] as const;
export type Right = (typeof RIGHTS)[number];

/**
 * own-team: customers owned by the caller, by his team or by nobody · context: the role's own service · privacy: the
 * commands about consent, holds, erasure and export · purpose: with a purpose in a short token · without-effects ·
 * two: acts with effects need a second person · deny: wins over every grant of other roles.
 */
export type Cell =
  | 'all'
  | 'own-team'
  | 'context'
  | 'privacy'
  | 'purpose'
  | 'without-effects'
  | 'two'
  | 'deny';

type Row = Readonly<Partial<Record<Role, Cell>>>;

export const ACCESS: Readonly<Record<Right, Row>> = {
  open: {
    agent: 'own-team',
    supervisor: 'all',
    'bi-pii': 'purpose',
    'privacy-officer': 'all',
    admin: 'all',
  },
  masked: {
    supervisor: 'all',
    service: 'all',
    ops: 'all',
    'ops-approver': 'all',
    'bi-reader': 'all',
    'bi-pii': 'all',
    'privacy-officer': 'all',
    auditor: 'all',
    admin: 'all',
  },
  command: {
    agent: 'own-team',
    supervisor: 'all',
    service: 'context',
    import: 'all',
    'privacy-officer': 'privacy',
    admin: 'all',
  },
  batch: { service: 'all', import: 'all', admin: 'all' },
  backfill: { import: 'all', admin: 'deny' },
  'ops-read': { ops: 'all', 'ops-approver': 'all', auditor: 'all', admin: 'all' },
  'ops-head': { service: 'all', ops: 'all', 'ops-approver': 'all', auditor: 'all', admin: 'all' },
  clock: { admin: 'all' },
  replay: { ops: 'all', 'ops-approver': 'all', admin: 'all' },
  activate: { ops: 'without-effects', 'ops-approver': 'two', admin: 'two' },
  heal: { ops: 'all', 'ops-approver': 'all', admin: 'all' },
  skip: { 'ops-approver': 'two', admin: 'two' },
  'erasure-ask': { agent: 'own-team', supervisor: 'all', 'privacy-officer': 'all', admin: 'all' },
  'erasure-approve': { 'privacy-officer': 'two', admin: 'two' },
  audit: { 'privacy-officer': 'all', auditor: 'all', admin: 'all' },
  tokens: { admin: 'all' },
};

/** Commands that a privacy officer may send beyond asking for erasure. */
const PRIVACY_COMMANDS: ReadonlySet<string> = new Set([
  'GrantConsent',
  'WithdrawConsent',
  'PlaceLegalHold',
  'ReleaseLegalHold',
  'ExportSubjectData',
]);

/** Asking for erasure has a column of its own. */
const ERASURE_COMMANDS: ReadonlySet<string> = new Set(['RequestErasure', 'CancelErasure']);

/** What is asked for, beyond the right: the command and its service, the people it is kept for, whether it has effects. */
export type About = {
  readonly service?: string;
  readonly command?: string;
  readonly people?: readonly string[] | undefined;
  readonly effects?: boolean;
};

export type Decision =
  /** `reach` own: only customers that `owns` says yes to. `persons` 2: a second one has to approve. */
  | { readonly allowed: true; readonly reach: 'all' | 'own'; readonly persons: 1 | 2 }
  | { readonly allowed: false; readonly needs: readonly string[] };

const roleOf = (role: string): Role | undefined =>
  role.startsWith('service:') ? 'service' : ROLES.find((known) => known === role && known !== 'service');

/** True for roles of people: everything but services and imports. */
export const isPerson = (caller: Pick<Caller, 'roles'>): boolean =>
  !caller.roles.some((role) => role === 'import' || role.startsWith('service:'));

/** The right that a command needs. */
export const rightOfCommand = (command: string): Right =>
  ERASURE_COMMANDS.has(command) ? 'erasure-ask' : 'command';

/** Several roles add up (the widest grant counts); one explicit deny wins over all of them. */
export const authorize = (principal: Principal, right: Right, about: About = {}): Decision => {
  let best: Decision | undefined;
  for (const role of principal.roles) {
    const known = roleOf(role);
    const cell = known === undefined ? undefined : ACCESS[right][known];
    if (cell === 'deny') return refused(right, about);
    if (known === undefined || cell === undefined || !keptFor(known, about)) continue;
    const grant = granted(cell, role, principal, about);
    if (grant !== undefined && (best === undefined || wider(grant, best))) best = grant;
  }
  return best ?? refused(right, about);
};

type Grant = Extract<Decision, { allowed: true }>;

const keptFor = (role: Role, about: About): boolean =>
  about.people === undefined || role === 'service' || role === 'import' || about.people.includes(role);

const when = (allowed: boolean, persons: 1 | 2 = 1): Grant | undefined =>
  allowed ? { allowed, reach: 'all', persons } : undefined;

const granted = (cell: Cell, role: string, principal: Principal, about: About): Grant | undefined => {
  switch (cell) {
    case 'all':
      return when(true);
    case 'own-team':
      return { allowed: true, reach: 'own', persons: 1 };
    case 'context':
      return when(role === `service:${about.service ?? ''}`);
    case 'privacy':
      return when(PRIVACY_COMMANDS.has(about.command ?? ''));
    case 'purpose':
      return when(principal.purpose !== undefined);
    case 'without-effects':
      return when(about.effects !== true);
    case 'two':
      return when(true, about.effects === true ? 2 : 1);
    case 'deny':
      return undefined;
    default:
      return cell satisfies never;
  }
};

const wider = (a: Grant, b: Decision): boolean =>
  b.allowed && ((a.reach === 'all' && b.reach === 'own') || (a.reach === b.reach && a.persons < b.persons));

const refused = (right: Right, about: About): Decision => ({
  allowed: false,
  needs: ROLES.filter(
    (role) => (ACCESS[right][role] ?? 'deny') !== 'deny' && keptFor(role, about) && suits(right, role, about),
  ).map((role) => (role === 'service' ? `service:${about.service ?? '*'}` : role)),
});

// A role that could never do this is no help to name: a privacy officer places no orders.
const suits = (right: Right, role: Role, about: About): boolean => {
  const cell = ACCESS[right][role];
  if (cell === 'privacy') return PRIVACY_COMMANDS.has(about.command ?? '');
  return cell !== 'without-effects' || about.effects !== true;
};
