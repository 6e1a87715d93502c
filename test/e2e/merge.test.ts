// Two customers become one and two again: nothing of the merge stays but what it did, also while a rebuild runs and
// when the server dies in its midst.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../packages/core/src/index.ts';
import { get, post, settled, statusOf, tenure, tenureJson, type Json } from './client.ts';
import { ada, bob, LATER, storyOn, type Story } from './merge-story.ts';
import { startServer, temporaryFolder, until, type Start } from './server.ts';

const folder = temporaryFolder();

const open = async (name: string, { args = [], env = {} }: Start = {}): Promise<Story> =>
  storyOn(await startServer(join(folder, name), { args: ['--settable-clock', ...args], env }));

const faulty = (name: string, fault: object): Start => {
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(fault));
  return { args: ['--faults', file], env: { TENURE_ALLOW_FAULTS: '1' } };
};

/** They are equal, and byte for byte as documents are stored. */
const expectSame = (found: readonly Json[], expected: readonly Json[]): void => {
  expect(found).toEqual(expected); // says where they differ
  expect(found.map((one) => canonicalJson(one))).toEqual(expected.map((one) => canonicalJson(one)));
};

const orderOf = (document: Json): Json => document['slices'].order;

/** What is counted of customers, all of them together. */
const figuresOf = (documents: readonly Json[]): object => {
  const sum = (of: (slices: Json) => number): number =>
    documents.reduce((whole, { slices }) => whole + of(slices as Json), 0);
  return {
    orders: sum(({ order }) => order.count),
    minor: sum(({ order }) => order.net[0].minor),
    points: sum(({ loyalty }) => (loyalty.accounts as Json[]).reduce((all, one) => all + one['pending'], 0)),
    cases: sum(({ service }) => service.cases.opened),
  };
};

type Documents = readonly Json[];

/** What became of the two on a server where nobody merged them: in January, and in the end. */
let never: { readonly january: Documents; readonly february: Documents };
beforeAll(async () => {
  const story = await open('never');
  await story.begin();
  await story.goOn();
  const january = await story.documents();
  await story.end();
  never = { january, february: await story.documents() };
  await story.server.stop();
}, 120_000);

/** The second half: parted again, they are who they would have been. */
const partedAgain = async (story: Story): Promise<void> => {
  await story.unmerge();
  expectSame(await story.documents(), never.january);
  await story.end();
  expectSame(await story.documents(), never.february);
  expect((await story.told(ada)).slice(0, 2)).toEqual(['CustomersUnmerged', 'CustomersMerged']);
  expect((await story.told(bob)).slice(0, 2)).toEqual(['CustomerRestored', 'CustomerAbsorbed']);
  await story.verified('customer-360');
  await story.verified('churn');
};

const absorbed = { CustomersMerged: 1, CustomerAbsorbed: 1 };

describe('a merge over partitions', { timeout: 120_000 }, () => {
  let story: Story;
  let before: readonly Json[];
  beforeAll(async () => {
    story = await open('merged');
    await story.begin();
    before = [await story.whole(ada), await story.whole(bob)];
    await story.merge();
    await story.happened(absorbed);
  }, 120_000);
  afterAll(() => story.server.stop());

  it('concerns customers of different partitions', async () => {
    const heads = (await get(story.server, '/ops/head')).json;
    const lanes = heads['customer'].lanes as number[];
    expect([lanes.length, lanes.filter((events) => events > 0).length]).toEqual([16, 2]);
  });

  it('leads from the absorbed to the survivor, who is both', async () => {
    for (const tail of ['', '/360', '/timeline', '/churn']) {
      const { status, headers } = await get(story.server, `/api/customers/${bob.id}${tail}`);
      expect([tail, status, headers.get('location')]).toEqual([tail, 308, `/api/customers/${ada.id}${tail}`]);
    }
    const both = await story.whole(ada);
    expect(figuresOf([both])).toEqual(figuresOf(before));
    expect(figuresOf([both])).toEqual({ orders: 4, minor: 30_000, points: 300, cases: 2 });
    const leads = (both['slices'].lead.leads as Json[]).map(({ leadId }) => leadId as string);
    expect(leads.toSorted()).toEqual([ada.leadId, bob.leadId].toSorted());
    expect(both['slices'].customer).toMatchObject({ displayName: ada.name, status: 'Registered' });
    const registered = (await story.told(ada)).filter((type) => type === 'CustomerRegistered');
    expect(registered).toHaveLength(2);
  });

  it('refuses commands to the absorbed, and names the survivor', async () => {
    const asked = { headers: { 'if-match': '*' } };
    const grant = { purpose: 'marketing', channel: 'EMAIL', legalBasis: 'CONSENT', policyVersion: '1' };
    const body = { ...grant, evidenceRef: 'form' };
    const refused = await post(story.server, `/api/customers/${bob.id}/grant-consent`, body, asked);
    expect([refused.status, refused.json['code'], refused.json['survivorId']]).toEqual([
      409,
      'CUSTOMER_ABSORBED',
      ada.id,
    ]);
  });

  it('shows the survivor with what happens to both', async () => {
    await story.goOn();
    expect(figuresOf([await story.whole(ada)])).toEqual(figuresOf(never.january));
    const { json } = await get(story.server, `/api/customers/${ada.id}/timeline?source=order&limit=100`);
    const aggregates = (json['items'] as Json[]).map(({ data }) => data.orderId as string);
    expect(aggregates).toContain(bob.orders[1]);
    const churn = await get(story.server, `/api/customers/${ada.id}/churn`);
    expect([churn.status, churn.json['level'], churn.json['stale']]).toEqual([200, 'LOW', false]);
  });

  it('shows lists of the survivor with what belongs to the absorbed', async () => {
    for (const [list, count] of Object.entries({ orders: 4 + LATER.length, cases: 2, leads: 2 })) {
      const { json } = await get(story.server, `/api/${list}?customerId=${ada.id}`);
      const customers = new Set((json['items'] as Json[]).map(({ customerId }) => customerId as string));
      expect([list, (json['items'] as Json[]).length, [...customers].toSorted()]).toEqual([
        list,
        count,
        [ada.id, bob.id].toSorted(),
      ]);
    }
  });

  it('is undone as if it had never been, but for its own events', () => partedAgain(story));
});

describe('a merge while a rebuild runs', { timeout: 120_000 }, () => {
  it('is in the new generation, and so is what follows', async () => {
    const held = join(folder, 'held');
    writeFileSync(held, '');
    const story = await open(
      'rebuilt',
      faulty('held-builds', {
        file: 'packages/projections/src/build/run-build.ts',
        find: 'await settleMerges(building);',
        replace: `while (process.getBuiltinModule('node:fs').existsSync(${JSON.stringify(held)})) await new Promise((go) => setTimeout(go, 5));
    await settleMerges(building);`,
      }),
    );
    const { data } = story.server;
    await story.begin();
    const replays = ['customer-360', 'churn'].map((projection) =>
      tenureJson(data, 'replay', 'start', projection, '--wait'),
    );
    await until('both builds run', async () => {
      const { json } = await get(story.server, '/ops/replays');
      const items = json['items'] as Json[];
      return items.filter(({ state }) => state === 'building').length === 2;
    });
    await story.merge();
    await story.happened(absorbed);
    await story.goOn();
    const both = await story.whole(ada);
    rmSync(held);
    for (const { code, json } of await Promise.all(replays)) {
      expect([code, json['error'], json['verified']]).toEqual([
        0,
        null,
        expect.objectContaining({ differences: 0 }),
      ]);
      const activated = await tenure(data, 'replay', 'activate', json['projection'] as string);
      expect([activated.code, activated.stderr]).toEqual([0, '']);
      expect((await settled(story.server))['projections'][json['projection']].generation).toBe(
        json['generation'],
      );
    }
    const { slices, summary } = await story.whole(ada);
    expect({ slices, summary }).toEqual({ slices: both['slices'], summary: both['summary'] });
    await partedAgain(story);
    await story.server.stop();
  });
});

describe('a merge whose server dies before the absorption', { timeout: 120_000 }, () => {
  it('is completed by the next one', async () => {
    const hangs = faulty('hanging-absorption', {
      file: 'services/customer/src/merge-propagation.ts',
      find: 'gather: async (sources, { type, key }) => ({',
      replace: `gather: async (sources, { type, key }) => (type === 'CustomersMerged' && (await new Promise(() => {})), {`,
    });
    const first = await open('killed', hangs);
    await first.begin();
    await first.merge();
    await until('the merge can be read', async () => {
      return (await get(first.server, `/api/customers/${bob.id}/360`)).status === 308;
    });
    expect((await statusOf(first.server))['events'].CustomerAbsorbed).toBeUndefined();
    expect(orderOf(await first.whole(ada))['count']).toBe(4);
    await first.server.kill();

    const server = await startServer(first.server.data, { args: ['--settable-clock'] });
    const story = storyOn(server, first.sent);
    await story.happened(absorbed);
    await story.goOn();
    expect(orderOf(await story.whole(ada))['count']).toBe(4 + LATER.length);
    await partedAgain(story);
    await server.stop();
  });
});
