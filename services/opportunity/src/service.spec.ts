import type { AggregateSpec, ContextSources } from '@tenure/service-kit';
import { idOf, SCENARIO_CONTEXT } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  commands as examples,
  cny,
  draft,
  given,
  histories,
  line,
  objection,
  opened,
  policies,
  sales,
  shipped,
} from '../test/deals.ts';
import { commands } from './commands.ts';
import type { OpportunityContext } from './opportunity-rules.ts';
import { OpportunityView } from './opportunity-view.ts';
import { PipelinePolicy } from './policy.ts';
import { opportunityService } from './service.ts';

const [aggregate] = opportunityService.aggregates as [AggregateSpec];

/** What a decider of this command is told; `count` open deals, a deal with this state. */
const contextFor = async (name: string, data: object, state: object = {}) => {
  const counted: unknown[] = [];
  const sources = {
    policies,
    lookups: {
      count: async (...asked: unknown[]) => {
        counted.push(asked);
        return 7;
      },
    },
    read: async () => ({ state, revision: 0, key: null, open: () => null }),
  } as unknown as ContextSources;
  const known = (await aggregate.context?.(sources, {
    name,
    data,
    base: SCENARIO_CONTEXT,
  })) as OpportunityContext;
  return { known, counted };
};

describe('what deciders of a deal know', () => {
  it('is the pipeline that holds when it is opened, with the open deals of the customer', async () => {
    const { known, counted } = await contextFor('OpenOpportunity', draft);
    expect(known).toMatchObject({ pipeline: { id: 'sales', version: 1 }, openDeals: 7, zone: 'UTC' });
    expect(Object.keys(known.reasons.loss)).toContain('NO_DECISION');
    expect(counted).toEqual([
      [
        'opportunities',
        [
          { column: 'customer_id', op: 'eq', value: SCENARIO_CONTEXT.customerId },
          { column: 'status', op: 'eq', value: 'Open' },
        ],
      ],
    ]);
  });

  it('is the version that the deal recorded, and no count, afterwards', async () => {
    const { known, counted } = await contextFor(
      'ChangeStage',
      {},
      { pipelineId: 'sales', pipelineVersion: 1 },
    );
    expect(known).toMatchObject({ pipeline: { version: 1 }, openDeals: 0 });
    expect(counted).toEqual([]);
  });

  it('is no pipeline where there is none', async () => {
    for (const data of [
      { ...draft, pipelineId: 'nowhere' },
      { ...draft, pipelineVersion: 2 },
    ])
      expect((await contextFor('OpenOpportunity', data)).known.pipeline).toBeNull();
  });
});

describe('the policy of a pipeline', () => {
  const [first, ...rest] = sales.stages;
  const problem = (more: object): string | undefined =>
    PipelinePolicy.safeParse({ ...sales, ...more }).error?.issues[0]?.path.join('/');

  it('ships in the form of its schema', () => {
    expect(PipelinePolicy.safeParse(shipped('../policies/pipeline.sales.v1.json')).success).toBe(true);
  });

  it('knows its stages, edges and criteria', () => {
    expect(problem({ stages: [first, first] })).toBe('stages/1/stageId');
    expect(problem({ stages: [first] })).toBe('stages/0/edges/0/to');
    const edges = (...some: readonly object[]) => ({ stages: [{ ...first, edges: some }, ...rest] });
    expect(problem(edges({ to: 'discovery', when: [] }))).toBe('stages/0/edges/0/to');
    expect(problem(edges({ to: 'commit', when: [] }, { to: 'commit', when: [] }))).toBe(
      'stages/0/edges/1/to',
    );
    expect(problem(edges({ to: 'commit', when: ['LUCK'] }))).toBe('stages/0/edges/0/when/0');
    expect(problem({ surprise: true })).toBe('');
  });
});

describe('the bodies of the commands', () => {
  it('take what this specification sends', () => {
    for (const { name, data } of Object.values(examples))
      expect(commands[name]?.body.safeParse(data).error).toBeUndefined();
  });

  it('leave limits to the rules and shapes to the form', () => {
    const revise = (one: object) =>
      commands['ReviseLines']?.body.safeParse({ lines: [one], total: cny(1) }).success;
    expect(revise(line('a', 2_000_000, 1))).toBe(true);
    expect(revise(line('a', 0, 1))).toBe(false);
    expect(revise(line('a', 1, -1))).toBe(false);
    expect(revise({ ...line('a', 1, 1), gift: true })).toBe(false);
  });

  it('name either a contact or a lead', () => {
    const attach = (who: object) =>
      commands['AttachContact']?.body.safeParse({ ...who, role: 'BUYER' }).success;
    expect(attach({ contactId: idOf('a') })).toBe(true);
    expect(attach({})).toBe(false);
    expect(attach({ contactId: idOf('a'), leadId: idOf('b') })).toBe(false);
  });

  it('keep the standstill and the reverted win to processes', () => {
    expect(aggregate.internal).toEqual(['FlagStalled', 'RevertWin']);
  });
});

describe('the view of a deal', () => {
  it('fits its schema in every state', () => {
    const about = { id: '00000000-0000-4000-8000-00003fffffff', zone: 'UTC' };
    const plain = [...Object.values(histories).slice(1), [opened, objection('TRUE', false)]];
    for (const history of plain) {
      const state = given(...history).state();
      const view = aggregate.view.of(state, about);
      expect(OpportunityView.strict().safeParse(view).error).toBeUndefined();
      expect(view).toMatchObject({ number: expect.stringMatching(/^OP-\d{6}-ZZZZZZ$/) as string });
      expect('orderId' in view && view.orderId !== null).toBe(state.status === 'Won');
    }
  });

  it('shows the owner who counts for rights', () => {
    expect(aggregate.ownerOf?.(given(opened).state())).toBe(draft.ownerId);
  });
});
