import { uuid5 } from '@tenure/core';
import { policyBook, type AggregateSpec, type ContextSources } from '@tenure/service-kit';
import { idOf, SCENARIO_CONTEXT } from '@tenure/testing';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { commands as examples, given, ownerAssigned, ready, registered } from '../test/customers.ts';
import { commands } from './commands.ts';
import type { CustomerContext } from './customer.ts';
import { customerService } from './service.ts';

const [aggregate] = customerService.aggregates as [AggregateSpec];

describe('the id of a customer', () => {
  it('is that of the party of the lead it comes from', () => {
    const originLeadId = idOf('lead');
    expect(aggregate.idOf?.({ originLeadId })).toBe(uuid5(originLeadId, 'customer'));
    expect(aggregate.idOf?.({})).toBeNull();
    expect(aggregate.idOf?.({ originLeadId: null })).toBeNull();
  });
});

describe('the owner of a customer', () => {
  it('is who answers for him now', () => {
    expect(aggregate.ownerOf?.(given(registered).state())).toBeNull();
    expect(aggregate.ownerOf?.(given(registered, ownerAssigned('a')).state())).toBe(idOf('a'));
  });
});

describe('the form in which a contact point is kept', () => {
  let normalise: CustomerContext['normalise'];
  beforeAll(async () => {
    const file = new URL('../../../policies/deployment.v1.json', import.meta.url);
    const deployment = JSON.parse(readFileSync(file, 'utf8')) as object;
    const policies = policyBook([deployment] as never);
    const base = { ...SCENARIO_CONTEXT, today: '2026-01-15' };
    const context = aggregate.context?.({ policies } as ContextSources, {
      name: 'AddContactPoint',
      data: {},
      base,
    });
    ({ normalise } = (await context) as CustomerContext);
  });

  it('is lower case for mail', () => {
    expect(normalise('EMAIL', ' Ada.Lovelace+x@Example.ORG ')).toBe('ada.lovelace+x@example.org');
    for (const value of ['ada', 'a@b@c', '@example.org', 'ada@', 'a da@example.org', '  '])
      expect(normalise('EMAIL', value)).toBeNull();
  });

  it('is E.164 for phones, read in the region of the deployment', () => {
    expect(normalise('PHONE', '138 0013 8000')).toBe('+8613800138000');
    expect(normalise('SMS', '+44 20 7946 0018')).toBe('+442079460018');
    expect(normalise('PHONE', '12345')).toBeNull();
    expect(normalise('PHONE', 'call me')).toBeNull();
  });

  it('is what was written for everything else', () => {
    expect(normalise('POSTAL', ' 1 Main Street ')).toBe('1 Main Street');
    expect(normalise('WECHAT', '   ')).toBeNull();
  });
});

describe('the bodies of the commands', () => {
  const accepts = (name: string, body: object): boolean | undefined =>
    commands[name]?.body.safeParse(body).success;

  it('take what this specification sends', () => {
    for (const { name, data } of Object.values(examples)) expect(accepts(name, data)).toBe(true);
  });

  it('know the clear fields of the registration from those of the profile', () => {
    const change = (changes: object) => accepts('ChangeProfile', { changes, source: 'FORM' });
    expect(change({ jobTitle: 'x' })).toBe(true);
    expect(change({ locale: 'de-DE' })).toBe(false);
    expect(change({ __proto__: null, 'Bad Name': 'x' })).toBe(false);
    expect(change({})).toBe(false);
    expect(change({ displayName: 'x'.repeat(201) })).toBe(false);
    expect(change({ biography: 'x'.repeat(4_000) })).toBe(true);
  });

  it('leave the colon between system and id to the search', () => {
    const link = { externalId: 'a:b' };
    expect(accepts('LinkExternalIdentity', { ...link, system: 'erp' })).toBe(true);
    expect(accepts('LinkExternalIdentity', { ...link, system: 'e:rp' })).toBe(false);
  });

  it('check zones, currencies and locales', () => {
    const register = (more: object) =>
      accepts('RegisterCustomer', { ...examples.RegisterCustomer.data, ...more });
    expect(register({ timeZone: 'Europe/Berlin', homeCurrency: 'EUR', locale: 'de-DE' })).toBe(true);
    expect(register({ timeZone: 'Mars/Olympus' })).toBe(false);
    expect(register({ homeCurrency: 'XXY' })).toBe(false);
    expect(register({ locale: 'not a locale' })).toBe(false);
    expect(register({ status: 'VIP' })).toBe(false);
  });
});

describe('the view of a customer', () => {
  it('shows references where the edge will put values, and consents as granted or not', () => {
    const about = { id: idOf('customer'), zone: 'UTC' };
    const view = aggregate.view.of(given(...ready).state(), about);
    expect(view).toMatchObject({
      kind: 'PERSON',
      displayName: { field: 'displayName' },
      contactPoints: [{ channel: 'EMAIL', retired: null }],
      consents: [{ purpose: 'news', channel: 'EMAIL', granted: true }],
    });
    expect(Object.keys(view).toSorted()).toEqual(
      Object.keys((aggregate.view.schema as unknown as { shape: object }).shape).toSorted(),
    );
  });
});
