import { uuid5 } from '@tenure/core';
import { idOf, SCENARIO_CONTEXT } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  commands,
  contactAdded,
  erasureRequested,
  given,
  histories,
  holdPlaced,
  linked,
  ownerAssigned,
  ready,
  registered,
  sealed,
  survivorKnows,
  type CustomerCommand,
  type CustomerFact,
} from '../test/customers.ts';
import { customer, type CustomerStatus } from './customer.ts';

type Status = CustomerStatus;

/** The table of the domain: where each command is legal, and where it leads; null: the status stays. */
const TABLE: { readonly [C in CustomerCommand['name']]: readonly [readonly Status[], Status | null] } = {
  RegisterCustomer: [['∅', 'Bare'], 'Registered'],
  ChangeProfile: [['Registered'], null],
  AddContactPoint: [['Registered'], null],
  VerifyContactPoint: [['Registered'], null],
  RetireContactPoint: [['Registered'], null],
  AddRelatedContact: [['Registered'], null],
  RetireRelatedContact: [['Registered'], null],
  LinkExternalIdentity: [['Registered'], null],
  AssignAccountOwner: [['Registered'], null],
  SetCustomAttributes: [['Registered'], null],
  GrantConsent: [['Registered'], null],
  WithdrawConsent: [['Registered', 'ErasurePending'], null],
  MergeCustomers: [['Registered'], null],
  AbsorbCustomer: [['∅', 'Bare', 'Registered'], 'Absorbed'],
  UnmergeCustomer: [['Registered', 'Absorbed'], null],
  RestoreCustomer: [['Absorbed'], 'Registered'],
  PlaceLegalHold: [['Registered', 'ErasurePending'], null],
  ReleaseLegalHold: [['Registered', 'ErasurePending'], null],
  RequestErasure: [['Registered', 'Absorbed'], 'ErasurePending'],
  CancelErasure: [['ErasurePending'], 'Registered'],
  DestroySubjectKeys: [['ErasurePending'], null],
  EraseCustomer: [['ErasurePending'], 'Erased'],
  ExportSubjectData: [['Registered', 'ErasurePending'], null],
};
const names = Object.keys(TABLE) as readonly CustomerCommand['name'][];
const statuses = Object.keys(histories) as readonly Status[];

/** What must have happened, beside the status, for a command to be accepted and to change something. */
const before: { readonly [C in CustomerCommand['name']]?: readonly CustomerFact[] } = {
  ReleaseLegalHold: [...ready, erasureRequested, holdPlaced],
  CancelErasure: [...ready, erasureRequested],
  DestroySubjectKeys: [...ready, erasureRequested],
};

describe('the states of a customer', () => {
  it('are reached by the histories of this specification', () => {
    for (const status of statuses) expect(given(...histories[status]).state().status).toBe(status);
  });

  it('allow the commands that the domain names, in its order', () => {
    expect(Object.keys(customer.transitions)).toEqual(names);
  });

  it.each(names)('%s is legal where the domain says so, and nowhere else', (name) => {
    const [from, to] = TABLE[name];
    for (const status of statuses) {
      const usual = histories[status];
      const history = status === 'ErasurePending' ? (before[name] ?? usual) : usual;
      const outcome = given(...history).when(commands[name], survivorKnows);
      if (!from.includes(status)) {
        const allowed = names.filter((other) => TABLE[other][0].includes(status));
        outcome.refused('ILLEGAL_STATE', { status, allowedCommands: allowed });
        continue;
      }
      const facts = outcome.facts();
      expect(facts, `${name} in ${status}`).toHaveLength(1);
      expect(given(...history, ...(facts as never[])).state().status).toBe(to ?? status);
    }
  });

  it('end with the erasure', () => {
    expect(names.filter((name) => TABLE[name][0].includes('Erased'))).toEqual([]);
  });
});

describe('RegisterCustomer', () => {
  it('takes what is not said from the deployment', () => {
    given()
      .when(commands.RegisterCustomer)
      .then({
        type: 'CustomerRegistered',
        data: {
          kind: 'PERSON',
          displayName: 'Ada Lovelace',
          source: 'MANUAL',
          originLeadId: null,
          locale: 'zh-CN',
          timeZone: 'UTC',
          homeCurrency: 'CNY',
          ownerId: null,
        },
      });
  });

  it('keeps what is said', () => {
    const said = { locale: 'de-DE', timeZone: 'Europe/Berlin', homeCurrency: 'EUR', ownerId: idOf('owner') };
    const data = { ...commands.RegisterCustomer.data, ...said, originLeadId: idOf('lead') };
    given().when({ name: 'RegisterCustomer', data }).then({ type: 'CustomerRegistered', data });
  });

  it('happens once', () => {
    given(registered).when(commands.RegisterCustomer).refused('ILLEGAL_STATE', { status: 'Registered' });
  });
});

describe('ChangeProfile', () => {
  const change = (changes: Readonly<Record<string, string>>) =>
    ({ name: 'ChangeProfile', data: { changes, source: 'FORM' } }) as const;

  it('names the changed fields in the clear, sorted', () => {
    const changes = { salutation: 'Lady', jobTitle: 'Countess' };
    given(registered)
      .when(change(changes))
      .then({
        type: 'CustomerProfileChanged',
        data: { changes, fields: ['jobTitle', 'salutation'], source: 'FORM' },
      });
  });

  it('keeps references to the values, and changes the display name where it is one of them', () => {
    const changed = (fields: readonly string[]) =>
      ({
        type: 'CustomerProfileChanged',
        data: { fields, changes: sealed('changes'), source: 'FORM' },
      }) as never;
    const at = (revision: number, entry: string) => ({
      $sealed: idOf(`event-${revision}`),
      field: 'changes',
      entry,
    });
    const state = given(
      registered,
      changed(['jobTitle', 'salutation']),
      changed(['displayName', 'jobTitle']),
    ).state();
    expect(state.profile).toEqual({ jobTitle: at(2, 'jobTitle'), salutation: at(1, 'salutation') });
    expect(state.displayName).toEqual(at(2, 'displayName'));
  });

  it('holds at most a hundred fields, however they come', () => {
    const fields = (from: number, count: number): Readonly<Record<string, string>> =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`field${from + i}`, 'x']));
    const full = given(registered, {
      type: 'CustomerProfileChanged',
      data: { fields: Object.keys(fields(0, 100)), changes: sealed('changes'), source: 'FORM' },
    } as never);
    full.when(change(fields(100, 1))).refused('LIMIT_EXCEEDED', { limit: 'profileFields', value: 100 });
    expect(full.when(change({ ...fields(3, 4), displayName: 'Ada' })).facts()).toHaveLength(1);
    given(registered)
      .when(change(fields(0, 101)))
      .refused('LIMIT_EXCEEDED');
  });
});

describe('AddRelatedContact', () => {
  it('makes an id of its own where none is given', () => {
    given(registered)
      .when(commands.AddRelatedContact)
      .then({
        type: 'RelatedContactAdded',
        data: {
          ...commands.AddRelatedContact.data,
          contactId: uuid5(SCENARIO_CONTEXT.commandId, 'contactId'),
        },
      });
  });

  it('takes an id once', () => {
    const data = { ...commands.AddRelatedContact.data, contactId: idOf('buyer') };
    given(registered, contactAdded('buyer'))
      .when({ name: 'AddRelatedContact', data })
      .refused('DUPLICATE_CONTACT', { contactId: idOf('buyer') });
  });

  it('holds at most 200', () => {
    const many = Array.from({ length: 200 }, (_, i) => contactAdded(`contact ${i}`));
    given(registered, ...many)
      .when(commands.AddRelatedContact)
      .refused('LIMIT_EXCEEDED', { limit: 'relatedContacts', value: 200 });
    expect(
      given(registered, ...many.slice(1))
        .when(commands.AddRelatedContact)
        .facts(),
    ).toHaveLength(1);
  });
});

describe('RetireRelatedContact', () => {
  it('says which role is empty now', () => {
    given(registered, contactAdded('buyer'))
      .when(commands.RetireRelatedContact)
      .then({
        type: 'RelatedContactRetired',
        data: { contactId: idOf('buyer'), role: 'BUYER', reason: 'left' },
      });
  });

  it('writes no role of a newer version', () => {
    const later = {
      ...contactAdded('buyer'),
      data: { ...contactAdded('buyer').data, role: 'UNKNOWN' },
    } as never;
    expect(given(registered, later).when(commands.RetireRelatedContact).facts()[0]?.data).toMatchObject({
      role: 'OTHER',
    });
  });

  it('knows the contact', () => {
    given(registered).when(commands.RetireRelatedContact).refused('UNKNOWN_CONTACT');
  });
});

describe('LinkExternalIdentity', () => {
  const link = (externalId: string, confidence = 100) =>
    ({ name: 'LinkExternalIdentity', data: { system: 'erp', externalId, confidence } }) as const;

  it('links an id of another system once', () => {
    given(registered).when(link('4711')).then(linked('4711'));
    given(registered, linked('4711')).when(link('4711')).then([]);
  });

  it('records that one is surer now', () => {
    given(registered, linked('4711', 60)).when(link('4711', 100)).then(linked('4711', 100));
    expect(given(registered, linked('4711', 60), linked('4711', 100)).state().externalIds).toEqual([
      { system: 'erp', externalId: '4711', confidence: 100 },
    ]);
  });

  it('holds at most 50', () => {
    const many = Array.from({ length: 50 }, (_, i) => linked(String(i)));
    given(registered, ...many)
      .when(link('50'))
      .refused('LIMIT_EXCEEDED', { limit: 'externalIds', value: 50 });
    given(registered, ...many)
      .when(link('7', 1))
      .then(linked('7', 1));
  });
});

describe('AssignAccountOwner', () => {
  const assign = (owner: string, territory?: string) =>
    ({
      name: 'AssignAccountOwner',
      data: { ownerId: idOf(owner), ...(territory !== undefined && { territoryId: idOf(territory) }) },
    }) as const;

  it('names the owner before', () => {
    given(registered).when(assign('a')).then(ownerAssigned('a'));
    given(registered, ownerAssigned('a')).when(assign('b')).then(ownerAssigned('b', 'a'));
  });

  it('changes nothing for the same owner in the same territory', () => {
    given(registered, ownerAssigned('a', null, 'north'))
      .when(assign('a', 'north'))
      .then([]);
    given(registered, ownerAssigned('a', null, 'north'))
      .when(assign('a', 'south'))
      .then(ownerAssigned('a', 'a', 'south'));
  });
});
