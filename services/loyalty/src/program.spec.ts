import { idOf, SCENARIO_NOW, scenarios, type Command } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  DAY,
  drafted,
  ladder,
  limits,
  programId,
  reward,
  rules,
  template,
  type ProgramFact,
} from '../test/members.ts';
import { earningAt, isLive, program, type ProgramParts, type ProgramStatus } from './program.ts';

const given = scenarios<ProgramParts>(program, { id: programId, limits: limits.program });
type ProgramCommand = Command<ProgramParts>;

const live = [drafted, ladder, rules(1, SCENARIO_NOW), reward('shipping', 300)];
const ended = {
  type: 'ProgramEnded',
  data: { programId, endsOn: '2026-12-31' },
} as const satisfies ProgramFact;
const histories: Readonly<Record<ProgramStatus, readonly ProgramFact[]>> = {
  '∅': [],
  Draft: [drafted],
  Live: live,
  Ended: [...live, ended],
};

const { earning, ladder: tiers } = template;
const commands: { readonly [C in ProgramCommand['name']]: Extract<ProgramCommand, { name: C }> } = {
  DraftProgram: {
    name: 'DraftProgram',
    data: { name: 'Tenure Club', pointsName: 'points', autoEnrol: true },
  },
  PublishEarningRules: {
    name: 'PublishEarningRules',
    data: { rules: earning.rules, lotPolicy: earning.lotPolicy },
  },
  PublishTierLadder: {
    name: 'PublishTierLadder',
    data: {
      tiers: tiers.tiers.map(({ name, ...tier }) => ({ ...tier, name: name.en })),
      metric: 'POINTS',
      period: 'CALENDAR_YEAR',
    },
  },
  PublishReward: {
    name: 'PublishReward',
    data: { rewardId: idOf('cashback'), name: 'cashback', kind: 'SERVICE', cost: 1_000 },
  },
  RetireReward: { name: 'RetireReward', data: { rewardId: idOf('shipping') } },
  EndProgram: { name: 'EndProgram', data: { endsOn: '2026-12-31' } },
};

const TABLE: {
  readonly [C in ProgramCommand['name']]: readonly [readonly ProgramStatus[], ProgramStatus | null];
} = {
  DraftProgram: [['∅'], 'Draft'],
  PublishEarningRules: [['Draft', 'Live'], 'Live'],
  PublishTierLadder: [['Draft', 'Live'], null],
  PublishReward: [['Live'], null],
  RetireReward: [['Live'], null],
  EndProgram: [['Live'], 'Ended'],
};
const names = Object.keys(TABLE) as readonly ProgramCommand['name'][];
const statuses = Object.keys(histories) as readonly ProgramStatus[];

describe('the states of a programme', () => {
  it('are reached by the histories of this specification, with the commands of the domain', () => {
    for (const status of statuses) expect(given(...histories[status]).state().status).toBe(status);
    expect(Object.keys(program.transitions)).toEqual(names);
  });

  it.each(names)('%s is legal where the domain says so, and nowhere else', (name) => {
    const [from, to] = TABLE[name];
    for (const status of statuses) {
      const outcome = given(...histories[status]).when(commands[name]);
      if (!from.includes(status)) {
        const allowedCommands = names.filter((other) => TABLE[other][0].includes(status));
        outcome.refused('ILLEGAL_STATE', { status, allowedCommands });
        continue;
      }
      const facts = outcome.facts();
      expect(facts).toHaveLength(1);
      expect(given(...histories[status], ...(facts as never[])).state().status).toBe(to ?? status);
    }
  });
});

describe('DraftProgram', () => {
  it('records what it is called', () => {
    given().when(commands.DraftProgram).then(drafted);
  });
});

describe('PublishEarningRules', () => {
  const publish = (more: Partial<(typeof commands)['PublishEarningRules']['data']>) =>
    ({ name: 'PublishEarningRules', data: { ...commands.PublishEarningRules.data, ...more } }) as const;
  const rule = (more: object) => publish({ rules: [{ ...earning.rules[0], ...more } as never] });

  it('publishes the rules of the template as data, from now on', () => {
    given(drafted, ladder).when(commands.PublishEarningRules).then(rules(1, SCENARIO_NOW));
  });

  it('counts the versions and keeps the old ones', () => {
    const second = rules(2, SCENARIO_NOW + DAY);
    given(...live)
      .when(publish({ effectiveFrom: SCENARIO_NOW + DAY }))
      .then(second);
    const state = given(...live, second).state();
    expect([-1, 0, DAY - 1, DAY].map((ms) => earningAt(state, SCENARIO_NOW + ms)?.version)).toEqual([
      undefined,
      1,
      1,
      2,
    ]);
  });

  it('never applies backwards', () => {
    given(drafted)
      .when(publish({ effectiveFrom: SCENARIO_NOW - 1 }))
      .refused('EFFECTIVE_IN_PAST');
  });

  it.each([
    ['an operator that nobody knows', { when: { run: ['line.base', 0] } }],
    ['a name that no line has', { when: { gt: ['line.colour', 0] } }],
    ['a condition that is an amount', { when: { floor: 'line.base' } }],
    ['points that are a condition', { points: { gt: ['line.base', 0] } }],
    ['a look into the customer', { points: { add: ['line.base', 'customer.age'] } }],
    ['nothing at all', { points: {} }],
  ])('refuses %s', (_, more) => {
    given(drafted).when(rule(more)).refused('RULE_INVALID', { index: 0 });
  });

  it('refuses a rule twice, and too many', () => {
    const [base] = earning.rules;
    if (base === undefined) throw new Error('the template has a rule');
    given(drafted)
      .when(publish({ rules: [base, base] }))
      .refused('DUPLICATE_RULE');
    const many = Array.from({ length: 21 }, (__, i) => ({ ...base, ruleId: `rule-${i}` }));
    given(drafted)
      .when(publish({ rules: many }))
      .refused('LIMIT_EXCEEDED', { limit: 'earningRules', value: 20 });
  });
});

describe('PublishTierLadder', () => {
  const tier = (tierId: string, threshold: number) => ({ tierId, name: tierId, threshold });
  const publish = (more: object) =>
    given(drafted).when({ name: 'PublishTierLadder', data: { ...commands.PublishTierLadder.data, ...more } });

  it('publishes the tiers of the template', () => {
    given(drafted).when(commands.PublishTierLadder).then(ladder);
  });

  it('begins at 0 and rises', () => {
    publish({ tiers: [tier('A', 1)] }).refused('TIERS_INVALID');
    publish({ tiers: [tier('A', 0), tier('B', 0)] }).refused('TIERS_INVALID');
    publish({ tiers: [tier('A', 0), tier('B', 10), tier('C', 5)] }).refused('TIERS_INVALID');
    publish({ tiers: [tier('A', 0), tier('A', 10)] }).refused('TIERS_INVALID');
    expect(publish({ tiers: [tier('A', 0), tier('B', 10)] }).facts()).toHaveLength(1);
  });

  it('goes by points of a calendar year: nothing else is built', () => {
    publish({ metric: 'SPEND' }).refused('METRIC_NOT_SUPPORTED');
    publish({ metric: 'ORDERS' }).refused('METRIC_NOT_SUPPORTED');
    publish({ period: 'ROLLING_YEAR' }).refused('METRIC_NOT_SUPPORTED');
  });
});

describe('PublishReward', () => {
  it('offers something for points, under an id of its own', () => {
    given(...live)
      .when(commands.PublishReward)
      .then(reward('cashback', 1_000));
    given(...live, reward('cashback', 1_000))
      .when(commands.PublishReward)
      .refused('DUPLICATE_REWARD');
  });

  it('offers no voucher: nobody could use one', () => {
    const data = { ...commands.PublishReward.data, kind: 'VOUCHER' } as const;
    given(...live)
      .when({ name: 'PublishReward', data })
      .refused('VOUCHER_NOT_SUPPORTED');
  });
});

describe('RetireReward', () => {
  it('takes a reward off the list, once', () => {
    const retired = { type: 'RewardRetired', data: { programId, rewardId: idOf('shipping') } } as const;
    given(...live)
      .when(commands.RetireReward)
      .then(retired);
    given(...live, retired)
      .when(commands.RetireReward)
      .then([]);
    const data = { rewardId: idOf('unknown') };
    given(...live)
      .when({ name: 'RetireReward', data })
      .refused('UNKNOWN_REWARD');
  });
});

describe('EndProgram', () => {
  it('ends today or later; until then points are earned', () => {
    given(...live)
      .when(commands.EndProgram)
      .then(ended);
    given(...live)
      .when({ name: 'EndProgram', data: { endsOn: '2026-01-14' } })
      .refused('ENDS_IN_PAST', { today: '2026-01-15' });
    const state = given(...live, ended).state();
    expect(isLive(state, Date.UTC(2027, 0, 1) - 1, 'UTC')).toBe(true);
    expect(isLive(state, Date.UTC(2027, 0, 1), 'UTC')).toBe(false);
    expect(isLive(given(drafted).state(), SCENARIO_NOW, 'UTC')).toBe(false);
  });
});
