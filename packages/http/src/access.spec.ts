import { describe, expect, it } from 'vitest';
import { authorize, isPerson, RIGHTS, type About, type Principal, type Right } from './access.ts';

const principal = (roles: readonly string[], more: Partial<Principal> = {}): Principal => ({
  sub: 'someone',
  roles,
  teams: [],
  actor: { kind: 'user', id: 'someone' },
  expiresAt: 0,
  ...more,
});

const said = (roles: readonly string[], right: Right, about?: About, more?: Partial<Principal>): string => {
  const decision = authorize(principal(roles, more), right, about);
  if (!decision.allowed) return '–';
  return decision.persons === 2 ? 'two' : decision.reach;
};

// The grid of the interface, read cell by cell: every role × every right.
const GRID = `
role             open masked command batch backfill ops-read ops-head clock replay activate heal skip erasure-ask erasure-approve audit tokens
agent            own  –      own     –     –        –        –        –     –      –        –    –    own         –               –     –
supervisor       all  all    all     –     –        –        –        –     –      –        –    –    all         –               –     –
service:order    –    all    all     all   –        –        all      –     –      –        –    –    –           –               –     –
service:customer –    all    –       all   –        –        all      –     –      –        –    –    –           –               –     –
import           –    –      all     all   all      –        –        –     –      –        –    –    –           –               –     –
ops              –    all    –       –     –        all      all      –     all    all      all  –    –           –               –     –
ops-approver     –    all    –       –     –        all      all      –     all    all      all  all  –           –               –     –
bi-reader        –    all    –       –     –        –        –        –     –      –        –    –    –           –               –     –
bi-pii           –    all    –       –     –        –        –        –     –      –        –    –    –           –               –     –
privacy-officer  all  all    –       –     –        –        –        –     –      –        –    –    all         all             all   –
auditor          –    all    –       –     –        all      all      –     –      –        –    –    –           –               all   –
admin            all  all    all     all   –        all      all      all   all    all      all  all  all         all             all   all
nobody           –    –      –       –     –        –        –        –     –      –        –    –    –           –               –     –
service          –    –      –       –     –        –        –        –     –      –        –    –    –           –               –     –`;

const [head = [], ...rows] = GRID.trim()
  .split('\n')
  .map((line) => line.split(/ +/));
const cells = rows.flatMap(([role = '', ...row]) =>
  row.map((cell, i) => ({ role, right: head[i + 1], cell })),
);

describe('authorize', () => {
  it('has a cell for every right', () => expect(head.slice(1)).toEqual([...RIGHTS]));

  it.each(cells)('$role, $right: $cell', ({ role, right, cell }) => {
    expect(said([role], right as Right, { service: 'order', command: 'PlaceOrder' })).toBe(cell);
  });

  it.each([
    ['ops', 'activate', '–'],
    ['ops-approver', 'activate', 'two'],
    ['admin', 'activate', 'two'],
    ['ops-approver', 'skip', 'two'],
    ['admin', 'skip', 'two'],
    ['privacy-officer', 'erasure-approve', 'two'],
    ['admin', 'erasure-approve', 'two'],
    ['ops', 'replay', 'all'],
  ] as const)('with effects: %s, %s: %s', (role, right, cell) => {
    expect(said([role], right, { effects: true })).toBe(cell);
  });

  it.each(['GrantConsent', 'WithdrawConsent', 'PlaceLegalHold', 'ReleaseLegalHold', 'ExportSubjectData'])(
    'lets a privacy officer send %s',
    (command) => expect(said(['privacy-officer'], 'command', { service: 'customer', command })).toBe('all'),
  );

  it('opens personal data for analysis only with a purpose', () => {
    expect(said(['bi-pii'], 'open')).toBe('–');
    expect(said(['bi-pii'], 'open', {}, { purpose: 'churn study' })).toBe('all');
    expect(said(['bi-reader'], 'open', {}, { purpose: 'churn study' })).toBe('–');
  });

  it('adds roles up to the widest grant', () => {
    expect(said(['agent', 'supervisor'], 'command')).toBe('all');
    expect(said(['supervisor', 'agent'], 'command')).toBe('all');
    expect(said(['agent', 'bi-reader'], 'masked')).toBe('all');
  });

  it('lets an explicit deny win', () => {
    expect(said(['import'], 'backfill')).toBe('all');
    expect(said(['import', 'admin'], 'backfill')).toBe('–');
  });

  it('keeps some commands for some people, and leaves services alone', () => {
    const about = { service: 'customer', command: 'MergeCustomers', people: ['supervisor', 'admin'] };
    expect(said(['agent'], 'command', about)).toBe('–');
    expect(said(['supervisor'], 'command', about)).toBe('all');
    expect(said(['service:customer'], 'command', about)).toBe('all');
  });

  it('names the roles that may', () => {
    expect(authorize(principal(['ops']), 'command', { service: 'order', command: 'PlaceOrder' })).toEqual({
      allowed: false,
      needs: ['agent', 'supervisor', 'service:order', 'import', 'admin'],
    });
    expect(authorize(principal(['agent']), 'activate', { effects: true })).toEqual({
      allowed: false,
      needs: ['ops-approver', 'admin'],
    });
  });

  it('counts services and imports as no people', () => {
    expect(isPerson(principal(['service:order']))).toBe(false);
    expect(isPerson(principal(['import']))).toBe(false);
    expect(isPerson(principal(['agent', 'ops']))).toBe(true);
  });
});
