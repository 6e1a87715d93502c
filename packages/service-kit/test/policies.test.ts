import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { businessCalendar, isOpen } from '@tenure/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  loadPolicies,
  policyHead,
  SHARED_POLICIES,
  type CalendarPolicy,
  type DeploymentPolicy,
  type PolicySources,
} from '../src/index.ts';

const shipped = new URL('../../../policies/', import.meta.url);
const Toll = z.strictObject({ ...policyHead('toll'), price: z.int(), calendar: z.string().optional() });
const toll = {
  policy: 'toll',
  schema: Toll,
  check: (policy: object) =>
    'calendar' in policy && policy.calendar === 'none'
      ? [{ path: '/calendar', reason: 'there is no such calendar' }]
      : [],
};

const version = (n: number, more: object = {}) => ({
  policy: 'toll',
  version: n,
  validFrom: `202${n}-01-01`,
  price: n * 10,
  ...more,
});

describe('loadPolicies', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'policies-'));
    await mkdir(join(folder, 'own'));
    await mkdir(join(folder, 'overlay', 'bank'), { recursive: true });
    await put('own/toll.v1.json', version(1));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const put = (name: string, content: unknown) =>
    writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  const load = (more: Partial<PolicySources> = {}) =>
    loadPolicies({ folders: [join(folder, 'own')], schemas: [toll], ...more });
  const problem = (more: Partial<PolicySources> = {}) =>
    load(more).then(
      () => 'loaded',
      ({ code, data }: { code: string; data: object }) => ({ code, ...data }),
    );

  it('answers with the highest version that holds on a date, and with a recorded one', async () => {
    await put('overlay/bank/toll.v2.json', version(2));
    await put('overlay/toll.v3.json', version(3));
    const { policies } = await load({ overlay: join(folder, 'overlay') });
    expect(policies.at('toll', '2021-12-31')).toMatchObject({ version: 1 });
    expect(policies.at('toll', '2022-01-01')).toMatchObject({ version: 2 });
    expect(policies.at('toll', '2030-01-01')).toMatchObject({ version: 3, price: 30 });
    expect(policies.version('toll', 2)).toMatchObject({ price: 20 });
    expect(() => policies.at('toll', '2020-12-31')).toThrow(/holds on 2020-12-31/);
    expect(() => policies.version('toll', 9)).toThrow(/no version 9/);
    expect(() => policies.at('toll', '2030-01-01', 'north')).toThrow(/toll.north/);
  });

  it('names file, path and reason of what is wrong', async () => {
    const file = join(folder, 'own', 'toll.v2.json');
    const cases: readonly (readonly [unknown, string, RegExp])[] = [
      ['{"policy":', '', /JSON/],
      [version(2, { speed: 1 }), '', /speed/],
      [version(2, { price: 'free' }), '/price', /number/],
      [version(2, { validFrom: '2026-02-30' }), '/validFrom', /date/],
      [version(2, { policy: 'tool' }), '/policy', /none of toll/],
      [version(2, { calendar: 'none' }), '/calendar', /no such calendar/],
      [version(1, { price: 11 }), '/version', /toll@1 stands in .* already/],
      ['[]', '/policy', /none of/],
    ];
    for (const [content, path, reason] of cases) {
      await put('own/toll.v2.json', content);
      expect(await problem()).toEqual({
        code: 'POLICY_INVALID',
        file,
        path,
        reason: expect.stringMatching(reason),
      });
    }
  });

  it('refuses a policy without a file, and a folder that is not there', async () => {
    await rm(join(folder, 'own', 'toll.v1.json'));
    expect(await problem()).toEqual({ code: 'POLICY_MISSING', policy: 'toll' });
    expect(await problem({ overlay: join(folder, 'nowhere') })).toMatchObject({ code: 'POLICY_INVALID' });
  });

  it('holds a deployment to the versions it has run with', async () => {
    const { hashes } = await load();
    expect(Object.keys(hashes)).toEqual(['toll@1']);
    await put('own/toll.v1.json', `${JSON.stringify(version(1), null, 4)}\n`);
    await put('own/toll.v2.json', version(2));
    const next = await load({ seen: hashes });
    expect(Object.keys(next.hashes)).toEqual(['toll@1', 'toll@2']);
    await put('own/toll.v2.json', version(2, { price: 99 }));
    expect(await problem({ seen: next.hashes })).toMatchObject({ code: 'POLICY_CHANGED', version: 'toll@2' });
    await rm(join(folder, 'own', 'toll.v2.json'));
    expect(await problem({ seen: next.hashes })).toEqual({ code: 'POLICY_CHANGED', version: 'toll@2' });
  });

  it('loads what ships', async () => {
    const { policies } = await loadPolicies({ folders: [shipped], schemas: SHARED_POLICIES });
    expect(policies.at<DeploymentPolicy>('deployment', '2026-11-20')).toMatchObject({
      zone: 'UTC',
      homeCurrency: 'CNY',
    });
    const business = businessCalendar(policies.at<CalendarPolicy>('calendar', '2026-11-20', 'business'));
    expect(isOpen(business, Date.parse('2026-11-20T12:30:00Z'))).toBe(false);
    expect(isOpen(business, Date.parse('2026-11-20T13:00:00Z'))).toBe(true);
    expect(isOpen(business, Date.parse('2026-12-25T10:00:00Z'))).toBe(false);
    const always = businessCalendar(policies.at<CalendarPolicy>('calendar', '2026-11-20', 'always'));
    expect(isOpen(always, Date.parse('2026-12-25T23:59:59Z'))).toBe(true);
  });
});
