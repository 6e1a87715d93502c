import { describe, expect, it } from 'vitest';
import { commands, given, granted, registered, withdrawn } from '../test/customers.ts';

describe('GrantConsent', () => {
  const grant = commands.GrantConsent;

  it('is given per purpose and channel', () => {
    given(registered, granted('news', 'EMAIL'))
      .when(grant)
      .then({ type: 'ConsentGranted', data: grant.data });
    const state = given(registered, granted('a/b', 'c'), granted('a', 'b/c')).state();
    expect(Object.keys(state.consents)).toHaveLength(2);
  });

  it('changes nothing when it is on record as it is, and renews it when anything is new', () => {
    const again = given(registered, { type: 'ConsentGranted', data: grant.data });
    again.when(grant).then([]);
    for (const change of [
      { policyVersion: '2' },
      { evidenceRef: 'form-3' },
      { legalBasis: 'CONTRACT' },
    ] as const)
      expect(again.when({ name: 'GrantConsent', data: { ...grant.data, ...change } }).facts()).toHaveLength(
        1,
      );
  });

  it('can be given again after it was withdrawn', () => {
    given(registered, { type: 'ConsentGranted', data: grant.data }, withdrawn('research'))
      .when(grant)
      .then({ type: 'ConsentGranted', data: grant.data });
  });

  it('holds at most 200 purposes and channels', () => {
    const many = Array.from({ length: 200 }, (_, i) => granted(`purpose ${i}`));
    given(registered, ...many)
      .when(grant)
      .refused('LIMIT_EXCEEDED', { limit: 'consents', value: 200 });
    const again = { name: 'GrantConsent', data: { ...grant.data, purpose: 'purpose 1' } } as const;
    expect(
      given(registered, ...many)
        .when(again)
        .facts(),
    ).toHaveLength(1);
  });
});

describe('WithdrawConsent', () => {
  it('takes back what was given, once', () => {
    given(registered, granted('news')).when(commands.WithdrawConsent).then({
      type: 'ConsentWithdrawn',
      data: commands.WithdrawConsent.data,
    });
    given(registered, granted('news'), withdrawn('news')).when(commands.WithdrawConsent).then([]);
  });

  it('takes back nothing that was never given: absence is no consent', () => {
    given(registered, granted('news', 'PHONE')).when(commands.WithdrawConsent).then([]);
  });

  it('leaves no consent in force', () => {
    const { consents } = given(registered, granted('news'), withdrawn('news')).state();
    expect(Object.values(consents)).toEqual([
      { purpose: 'news', channel: 'EMAIL', legalBasis: null, policyVersion: null, evidenceRef: null },
    ]);
  });
});
