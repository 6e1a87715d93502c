// Two customers of different partitions, told to a server step by step: the same story makes the same ids and times on
// every server, whatever else happens on it.
import { expect } from 'vitest';
import { URL_NAMESPACE, uuid5 } from '../../packages/core/src/index.ts';
import { partitionOf } from '../../packages/event-log/src/index.ts';
import { get, post, settled, statusOf, tenureJson, type Json } from './client.ts';
import { template } from './club.ts';
import { until, type Server } from './server.ts';

const PARTITIONS = 16; // the default of a deployment
const named = (name: string): string => uuid5(URL_NAMESPACE, 'merge story', name);
const OWNER = named('owner');
const cny = (minor: number) => ({ minor, currency: 'CNY' });

export type Party = {
  readonly name: string;
  readonly leadId: string;
  readonly id: string;
  readonly caseId: string;
  /** Two orders; only the first one is fulfilled at once. */
  readonly orders: readonly [string, string];
};

/** A party whose key lies in no partition of the others. */
const partyApart = (name: string, others: readonly Party[]): Party => {
  const taken = others.map(({ id }) => partitionOf(id, PARTITIONS));
  for (let n = 0; ; n++) {
    const leadId = named(`lead ${n} of ${name}`);
    const id = uuid5(leadId, 'customer');
    if (taken.includes(partitionOf(id, PARTITIONS))) continue;
    const of = (what: string): string => named(`${what} of ${name}`);
    return { name, leadId, id, caseId: of('case'), orders: [of('first order'), of('second order')] };
  }
};

export const ada = partyApart('Ada Lovelace', []);
export const bob = partyApart('Bob Kahn', [ada]);
export const MERGE = named('merge');
/** Of the survivor, while he is both. */
export const LATER = ['third', 'fourth', 'fifth'].map((which) => named(`${which} order of ${ada.name}`));

/** A server and how the story is told to it. */
export const storyOn = (server: Server, sent = new Map<string, number>()) => {
  /** A command that is accepted; its key, and so its ids, are those of the same command of the same story elsewhere. */
  const done = async (path: string, body: object = {}): Promise<Json> => {
    const nth = (sent.get(path) ?? 0) + 1;
    sent.set(path, nth);
    const headers = { 'if-match': '*', 'idempotency-key': `${path} ${nth}` };
    const { status, json } = await post(server, `/api${path}`, body, { headers });
    expect([path, status < 300, json['detail']]).toEqual([path, true, undefined]);
    return json;
  };

  /** Waits until so many events of each type have happened, and everything stored can be read. */
  const happened = async (counts: Readonly<Record<string, number>>): Promise<void> => {
    await until(`there are ${JSON.stringify(counts)}`, async () => {
      const { events } = await statusOf(server);
      return Object.entries(counts).every(([type, count]) => (events[type] ?? 0) >= count);
    });
    await settled(server);
    expect((await statusOf(server))['events']).toMatchObject(counts);
  };

  const close = async (day: string): Promise<void> => {
    expect((await post(server, '/ops/clock', { closeThrough: day })).status).toBe(200);
    await settled(server);
  };

  const place = (customerId: string, orderId: string, minor: number): Promise<Json> => {
    const [lineId, productId] = [uuid5(orderId, 'line'), named('product')];
    const amounts = { unitPrice: cny(minor), discount: cny(0), tax: cny(0), total: cny(minor) };
    const lines = [{ lineId, productId, qty: 1, ...amounts }];
    return done('/orders', { orderId, customerId, channel: 'WEB_SHOP', lines, total: cny(minor) });
  };

  const confirm = (orderId: string): Promise<Json> => done(`/orders/${orderId}/confirm`);
  const fulfil = (orderId: string): Promise<Json> => done(`/orders/${orderId}/complete-fulfilment`);

  const publish = async (): Promise<void> => {
    const programId = named('programme');
    const { name, pointsName, autoEnrol, ladder, earning } = template;
    await done('/loyalty-programs', { programId, name: name.en, pointsName: pointsName.en, autoEnrol });
    const tiers = (ladder.tiers as Json[]).map((tier) => ({ ...tier, name: tier['name'].en }));
    await done(`/loyalty-programs/${programId}/publish-tier-ladder`, { ...ladder, tiers });
    await done(`/loyalty-programs/${programId}/publish-earning-rules`, earning);
  };

  const becomes = async ({ name, leadId, id, caseId, orders }: Party, nth: number): Promise<void> => {
    const email = `${name.split(' ')[0]?.toLowerCase()}@example.com`;
    await done('/leads', { leadId, source: 'WEB_FORM', person: { name, email }, interests: ['instruments'] });
    await done(`/leads/${leadId}/assign`, { ownerId: OWNER });
    await done(`/leads/${leadId}/qualify`, { level: 'MQL' });
    const asked = { customerMode: 'NEW', customerKind: 'PERSON', opportunityMode: 'NONE' };
    await done(`/leads/${leadId}/request-conversion`, asked);
    await happened({ CustomerRegistered: nth, LeadConverted: nth });
    const contactPointId = named(`e-mail of ${name}`);
    const contact = { contactPointId, channel: 'EMAIL', value: email, primary: true };
    await done(`/customers/${id}/add-contact-point`, contact);
    for (const [i, orderId] of orders.entries()) {
      await place(id, orderId, 10_000 * nth + 1_000 * i);
      await confirm(orderId);
    }
    await fulfil(orders[0]);
    await happened({ PointsAccrued: nth });
    const about = { category: 'PRODUCT_FAULT', priority: 'NORMAL', subject: 'It shows nothing' };
    await done('/cases', { caseId, customerId: id, channel: 'EMAIL', ...about });
    await happened({ SlaClockStarted: 2 * nth });
    await done(`/cases/${caseId}/assign`, { agentId: OWNER });
    await done(`/cases/${caseId}/respond`, { byHuman: true });
  };

  const whole = async ({ id }: Party): Promise<Json> => {
    const { status, json } = await get(server, `/api/customers/${id}/360`);
    expect([status, json['stale']]).toEqual([200, false]);
    return json;
  };

  return {
    server,
    done,
    happened,
    close,
    whole,
    sent,
    /** January 2026: two strangers become customers who buy, collect points and complain. */
    async begin(): Promise<void> {
      await close('2026-01-04');
      await publish();
      await becomes(ada, 1);
      await becomes(bob, 2);
      await close('2026-01-05');
    },
    async merge(): Promise<void> {
      await done(`/customers/${ada.id}/merge`, { mergeId: MERGE, absorbedIds: [bob.id] });
    },
    /** What happens while they are one, and would happen as well if they were not. */
    async goOn(): Promise<void> {
      for (const orderId of LATER) {
        await place(ada.id, orderId, 5_000);
        await confirm(orderId);
        await fulfil(orderId);
      }
      await happened({ PointsAccrued: 2 + LATER.length });
      await fulfil(bob.orders[1]);
      await happened({ PointsAccrued: 3 + LATER.length });
      await done(`/cases/${bob.caseId}/resolve`, { resolutionCode: 'REPLACED', firstContact: true });
      await close('2026-01-07');
    },
    async unmerge(): Promise<void> {
      await done(`/customers/${ada.id}/unmerge`, { mergeId: MERGE, reason: 'two persons after all' });
      await happened({ CustomerRestored: 1 });
    },
    /** February: points come free, orders close. */
    async end(): Promise<void> {
      await done(`/cases/${ada.caseId}/resolve`, { resolutionCode: 'REPLACED', firstContact: true });
      await close('2026-02-12');
      await happened({ PointsUnlocked: 3 + LATER.length });
    },
    /** Everything of a document that the story decides. */
    async documents(): Promise<readonly Json[]> {
      const both = [await whole(ada), await whole(bob)];
      return both.map(({ slices, summary }) => ({ slices, summary }));
    },
    /** Types of the newest events of a customer about himself, newest first. */
    async told({ id }: Party): Promise<readonly string[]> {
      const path = `/api/customers/${id}/timeline?source=customer&limit=100`;
      return ((await get(server, path)).json['items'] as Json[]).map(({ type }) => type as string);
    },
    async verified(projection: string): Promise<void> {
      const { code, json } = await tenureJson(server.data, 'verify', projection, '--full');
      expect([projection, code, json['differences']]).toEqual([projection, 0, []]);
      expect(json['checked']).toBeGreaterThanOrEqual(2);
    },
  };
};

export type Story = ReturnType<typeof storyOn>;
