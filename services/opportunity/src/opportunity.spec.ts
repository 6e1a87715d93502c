import { allowedCommands } from '@tenure/core';
import { idOf } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  attached,
  cny,
  commands,
  draft,
  forecast,
  given,
  histories,
  line,
  lines,
  linesRevised,
  lost,
  movedTo,
  objection,
  opened,
  opportunityId,
  orderId,
  sales,
  stalled,
  total,
  won,
  type DealCommand,
  type DealFact,
} from '../test/deals.ts';
import type { OpportunityStatus } from './opportunity-state.ts';
import { opportunity } from './opportunity.ts';

/** The table of the domain: where a command is legal and where it leads; null: the status stays. */
const TABLE: {
  readonly [C in DealCommand['name']]: readonly [readonly OpportunityStatus[], OpportunityStatus | null];
} = {
  OpenOpportunity: [['∅'], 'Open'],
  ChangeStage: [['Open'], null],
  ReviseForecast: [['Open'], null],
  ReviseLines: [['Open'], null],
  AttachContact: [['Open'], null],
  RecordCompetitor: [['Open'], null],
  RecordObjection: [['Open'], null],
  ReassignOpportunity: [['Open'], null],
  FlagStalled: [['Open'], null],
  MarkWon: [['Open'], 'Won'],
  MarkLost: [['Open'], 'Lost'],
  AbandonOpportunity: [['Open'], 'Abandoned'],
  ReopenOpportunity: [['Lost', 'Abandoned'], 'Open'],
  RevertWin: [['Won'], 'Open'],
};
const statuses = Object.keys(histories) as readonly OpportunityStatus[];
const names = Object.keys(TABLE) as readonly DealCommand['name'][];

describe('the states of a deal', () => {
  it('are reached by the histories of this specification', () => {
    for (const status of statuses) expect(given(...histories[status]).state().status).toBe(status);
  });

  it('has the commands of the domain, in its order', () => {
    expect(Object.keys(opportunity.transitions)).toEqual(names);
  });

  it.each(names)('%s is legal where the domain says so, and nowhere else', (name) => {
    const [from, to] = TABLE[name];
    for (const status of statuses) {
      const outcome = given(...histories[status]).when(commands[name]);
      if (!from.includes(status)) {
        const allowed = names.filter((other) => TABLE[other][0].includes(status));
        outcome.refused('ILLEGAL_STATE', { status, allowedCommands: allowed });
        continue;
      }
      const facts = outcome.facts();
      expect(facts).toHaveLength(1);
      expect(given(...histories[status], ...(facts as never[])).state().status).toBe(to ?? status);
    }
  });

  it('leave no deal without a way on but a won one', () => {
    for (const status of statuses)
      expect(allowedCommands(opportunity, given(...histories[status]).state()).length).toBeGreaterThan(0);
  });
});

describe('OpenOpportunity', () => {
  it('records the version of the pipeline that holds', () => {
    given().when(commands.OpenOpportunity).then(opened);
  });

  it('begins in a stage of a pipeline for this kind of business', () => {
    const open = (more: object, context = {}) =>
      given().when({ name: 'OpenOpportunity', data: { ...draft, ...more } }, context);
    open({ stageId: 'nowhere' }).refused('UNKNOWN_STAGE', {
      allowed: ['discovery', 'solution', 'proposal', 'negotiation', 'commit'],
    });
    open({}, { pipeline: null }).refused('UNKNOWN_PIPELINE');
    open({}, { pipeline: { ...sales, kinds: ['RENEWAL'] } }).refused('WRONG_PIPELINE', {
      allowed: ['RENEWAL'],
    });
  });

  it('is the hundredth open deal of a customer at most', () => {
    expect(given().when(commands.OpenOpportunity, { openDeals: 99 }).facts()).toHaveLength(1);
    for (const [history, command] of [
      [[], commands.OpenOpportunity],
      [[opened, lost], commands.ReopenOpportunity],
    ] as const)
      given(...history)
        .when(command, { openDeals: 100 })
        .refused('LIMIT_EXCEEDED', { limit: 'openDeals', value: 100 });
  });
});

describe('ChangeStage', () => {
  const to = (toStageId: string) => ({ name: 'ChangeStage', data: { toStageId } }) as const;
  const lead = { ...opened, data: { ...opened.data, originLeadId: idOf('lead') } };
  const priced = [linesRevised, forecast('PIPELINE')];

  it('goes forward with the probability and the limit of the new stage', () => {
    given(opened, attached).when(to('solution')).then(movedTo('solution'));
    given(lead).when(to('solution')).then(movedTo('solution'));
  });

  it('leads only along the edges of the pipeline', () => {
    given(opened, attached)
      .when(to('proposal'))
      .refused('NO_SUCH_EDGE', { allowed: ['solution'] });
    given(opened, attached).when(to('nowhere')).refused('UNKNOWN_STAGE');
    given(opened, attached).when(to('discovery')).then([]);
  });

  it('goes back to the stage before, whatever is missing', () => {
    const steps = ['discovery', 'solution', 'proposal', 'negotiation', 'commit'];
    for (const [i, from] of steps.entries()) {
      const before = steps[i - 1];
      if (before === undefined) continue;
      given(opened, movedTo(from)).when(to(before)).then(movedTo(before, from));
    }
  });

  const unmet = (history: readonly DealFact[], stage: string, ...missing: readonly string[]) =>
    given(...history)
      .when(to(stage))
      .refused('EXIT_CRITERIA_UNMET', { unmet: missing });

  it('asks for an amount, a day to come and somebody to talk to', () => {
    unmet([opened], 'solution', 'LEAD_OR_CONTACT');
    unmet([lead, forecast('PIPELINE', cny(0))], 'solution', 'AMOUNT_POSITIVE');
    unmet([lead, forecast('PIPELINE', total, '2026-01-14')], 'solution', 'CLOSE_DATE_AHEAD');
    given(lead, forecast('PIPELINE', cny(1), '2026-01-15'))
      .when(to('solution'))
      .then(movedTo('solution'));
  });

  it('asks for a line before the proposal', () => {
    unmet([lead, movedTo('solution')], 'proposal', 'LINES');
    given(lead, movedTo('solution'), linesRevised).when(to('proposal')).then(movedTo('proposal', 'solution'));
  });

  it('asks for an amount that is that of the lines before the negotiation', () => {
    const proposed = [lead, movedTo('proposal'), linesRevised];
    unmet(proposed, 'negotiation', 'AMOUNT_IS_LINE_TOTAL');
    unmet([...proposed, forecast('PIPELINE', cny(total.minor - 1))], 'negotiation', 'AMOUNT_IS_LINE_TOTAL');
    given(...proposed, forecast('PIPELINE'))
      .when(to('negotiation'))
      .then(movedTo('negotiation', 'proposal'));
  });

  it('asks for a commitment and for answers before the last stage', () => {
    const negotiated = [lead, ...priced, movedTo('negotiation')];
    unmet(negotiated, 'commit', 'FORECAST_COMMIT');
    const committed = [...negotiated, forecast('COMMIT')];
    unmet([...committed, objection('TRUE', false)], 'commit', 'OBJECTIONS_ANSWERED');
    const step = movedTo('commit', 'negotiation');
    given(...committed)
      .when(to('commit'))
      .then(step);
    for (const nature of ['FALSE', 'HIDDEN'] as const)
      given(...committed, objection(nature, false))
        .when(to('commit'))
        .then(step);
    // The newest objection of a kind counts, both ways.
    given(...committed, objection('TRUE', false), objection('TRUE', true))
      .when(to('commit'))
      .then(step);
    unmet([...committed, objection('TRUE', true), objection('TRUE', false)], 'commit', 'OBJECTIONS_ANSWERED');
  });

  it('stays on the version of the pipeline that the deal recorded', () => {
    const { pipelineVersion } = given(opened, attached, movedTo('solution')).state();
    expect(pipelineVersion).toBe(1);
  });
});

describe('ReviseForecast', () => {
  const revise = (more: object = {}) =>
    ({ name: 'ReviseForecast', data: { ...commands.ReviseForecast.data, ...more } }) as const;

  it('keeps to the currency of the deal', () => {
    given(opened)
      .when(revise({ amount: { minor: 1, currency: 'USD' } }))
      .refused('CURRENCY_MISMATCH', { currency: 'CNY' });
  });

  it('changes nothing when it says nothing new', () => {
    given(opened, forecast('COMMIT'))
      .when(revise({ category: 'COMMIT' }))
      .then([]);
    given(opened, forecast('COMMIT'))
      .when(revise({ category: 'COMMIT', amount: cny(1) }))
      .then({
        type: 'OpportunityForecastRevised',
        data: { opportunityId, amount: cny(1), expectedCloseOn: '2026-01-16', category: 'COMMIT' },
      });
  });
});

describe('ReviseLines', () => {
  const revise = (data: object) => ({ name: 'ReviseLines', data: { lines, total, ...data } }) as const;

  it('takes lines that add up, in the currency of the deal', () => {
    given(opened).when(commands.ReviseLines).then(linesRevised);
    given(opened)
      .when(revise({ total: cny(1) }))
      .refused('DEAL_TOTAL_WRONG', { expected: total });
    given(opened)
      .when(revise({ lines: [lines[0], lines[0]] }))
      .refused('DUPLICATE_LINE', { line: 1 });
    const dollars = (minor: number) => ({ minor, currency: 'USD' });
    const foreign = {
      ...line('a', 1, 1),
      ...{ unitPrice: dollars(1), discount: dollars(0), tax: dollars(0), total: dollars(1) },
    };
    given(opened)
      .when(revise({ lines: [foreign], total: dollars(1) }))
      .refused('CURRENCY_MISMATCH');
  });

  it('takes at most 200 of them, or none', () => {
    const many = (count: number) => Array.from({ length: count }, (_, i) => line(`line ${i}`, 1, 1));
    expect(
      given(opened)
        .when(revise({ lines: many(200), total: cny(200) }))
        .facts(),
    ).toHaveLength(1);
    given(opened)
      .when(revise({ lines: many(201), total: cny(201) }))
      .refused('LIMIT_EXCEEDED', { limit: 'lines', value: 200 });
    expect(
      given(opened)
        .when(revise({ lines: [], total: cny(0) }))
        .facts(),
    ).toHaveLength(1);
  });

  it('leaves the amount of the forecast alone', () => {
    expect(given(opened, linesRevised).state().amount).toEqual(draft.amount);
  });
});

describe('AttachContact', () => {
  const buyer = { name: 'AttachContact', data: { contactId: idOf('buyer'), role: 'BUYER' } } as const;

  it('attaches a person, and a second lead', () => {
    given(opened).when(buyer).then(attached);
    given(opened, attached)
      .when(commands.AttachContact)
      .then({
        type: 'OpportunityContactAttached',
        data: { opportunityId, contactId: null, leadId: idOf('lead'), role: 'LEAD' },
      });
  });

  it('attaches nobody twice in one part', () => {
    given(opened, attached).when(buyer).then([]);
    const asUser = { ...buyer, data: { ...buyer.data, role: 'USER' } };
    expect(given(opened, attached).when(asUser).facts()).toHaveLength(1);
  });

  it('attaches at most 200', () => {
    const many = Array.from({ length: 200 }, (_, i) => ({
      ...attached,
      data: { ...attached.data, contactId: idOf(`contact ${i}`) },
    }));
    given(opened, ...many)
      .when(buyer)
      .refused('LIMIT_EXCEEDED', { limit: 'contacts', value: 200 });
  });
});

describe('RecordCompetitor', () => {
  const recorded = (name: string, position: 'AHEAD' | 'BEHIND') =>
    ({
      type: 'CompetitorRecorded',
      data: { opportunityId, competitorId: idOf(name), position, note: null },
    }) as const satisfies DealFact;
  const record = (position: 'AHEAD' | 'BEHIND', note?: string) =>
    ({ name: 'RecordCompetitor', data: { competitorId: idOf('rival'), position, note } }) as const;

  it('says something new about one: a position or a note', () => {
    given(opened, recorded('rival', 'AHEAD')).when(record('AHEAD')).then([]);
    expect(given(opened, recorded('rival', 'AHEAD')).when(record('BEHIND')).facts()).toHaveLength(1);
    expect(given(opened, recorded('rival', 'AHEAD')).when(record('AHEAD', 'cheaper')).facts()).toHaveLength(
      1,
    );
    expect(
      given(opened, recorded('rival', 'AHEAD'), recorded('rival', 'BEHIND')).state().competitors,
    ).toEqual([{ competitorId: idOf('rival'), position: 'BEHIND', note: null }]);
  });

  it('knows at most 50', () => {
    const many = Array.from({ length: 50 }, (_, i) => recorded(`rival ${i}`, 'AHEAD'));
    given(opened, ...many)
      .when(record('AHEAD'))
      .refused('LIMIT_EXCEEDED', { limit: 'competitors', value: 50 });
  });
});

describe('ReassignOpportunity', () => {
  it('names who had it, and changes nothing for who has it', () => {
    given(opened)
      .when(commands.ReassignOpportunity)
      .then({
        type: 'OpportunityReassigned',
        data: { opportunityId, ownerId: idOf('other agent'), previousOwnerId: idOf('agent') },
      });
    given(opened)
      .when({ name: 'ReassignOpportunity', data: { ownerId: idOf('agent') } })
      .then([]);
  });
});

describe('FlagStalled', () => {
  // Opened on 2026-01-15, limit 14 days: the day after closes on which it has stayed 15 days.
  const on = (today: string) => ({ today });

  it('is said when more days than the limit have closed, once per stay', () => {
    given(opened).when(commands.FlagStalled, on('2026-01-30')).then([]);
    given(opened).when(commands.FlagStalled, on('2026-01-31')).then(stalled);
    given(opened, stalled).when(commands.FlagStalled, on('2026-03-01')).then([]);
  });

  it('counts anew in the next stage and after a return', () => {
    const later = { occurredAt: Date.UTC(2026, 0, 30) };
    given(opened, stalled, { ...movedTo('solution'), ...later })
      .when(commands.FlagStalled, on('2026-02-21'))
      .then([]);
    const solution = { stageId: 'solution', daysInStage: 22, limitDays: 21 };
    given(opened, stalled, { ...movedTo('solution'), ...later })
      .when(commands.FlagStalled, on('2026-02-22'))
      .then({ type: 'OpportunityStalled', data: { opportunityId, ...solution } });
    const reopened = { type: 'OpportunityReopened', ...later } as const;
    const data = { opportunityId, reason: { $sealed: '', field: 'reason' }, limitDays: 14 };
    given(opened, stalled, lost, { ...reopened, data })
      .when(commands.FlagStalled, on('2026-02-13'))
      .then([]);
  });

  it('ends with the deal', () => {
    for (const end of [won, lost]) expect(given(opened, stalled, end).state().stalled).toBe(false);
  });
});

describe('MarkWon', () => {
  it('freezes the lines and their sum', () => {
    given(opened, linesRevised)
      .when(commands.MarkWon)
      .then({ ...won, data: { ...won.data, quoteId: undefined } });
    const quoteId = idOf('quote');
    given(opened, linesRevised)
      .when({ name: 'MarkWon', data: { quoteId } })
      .then({ ...won, data: { ...won.data, quoteId } });
  });

  it('is refused without lines', () => {
    given(opened).when(commands.MarkWon).refused('NO_LINES');
  });

  it('is possible from every stage', () => {
    for (const { stageId } of sales.stages)
      expect(given(opened, movedTo(stageId), linesRevised).when(commands.MarkWon).facts()).toHaveLength(1);
  });
});

describe('MarkLost', () => {
  const lose = (reasonCode: string, competitorId?: string) =>
    ({ name: 'MarkLost', data: { reasonCode, competitorId } }) as const;

  it('keeps the kind of business with the reason', () => {
    given(opened)
      .when(commands.MarkLost)
      .then({
        type: 'OpportunityLost',
        data: { opportunityId, kind: 'NEW_BUSINESS', reasonCode: 'PRICE', note: 'too dear' },
      });
  });

  it('takes a reason of the policy', () => {
    given(opened).when(lose('BORED')).refused('UNKNOWN_REASON');
    given(opened).when(lose('constructor')).refused('UNKNOWN_REASON');
  });

  it('names the competitor to whom it was lost', () => {
    given(opened).when(lose('COMPETITOR')).refused('COMPETITOR_REQUIRED');
    expect(
      given(opened)
        .when(lose('COMPETITOR', idOf('rival')))
        .facts(),
    ).toHaveLength(1);
  });
});

describe('AbandonOpportunity', () => {
  it('has reasons of its own', () => {
    given(opened)
      .when({ name: 'AbandonOpportunity', data: { reasonCode: 'PRICE' } })
      .refused('UNKNOWN_REASON', {
        allowed: ['DUPLICATE', 'NOT_QUALIFIED', 'NO_CONTACT', 'INTERNAL'],
      });
  });
});

describe('ReopenOpportunity', () => {
  it('goes on in the stage it was in, with a new stay', () => {
    const history = [opened, movedTo('solution'), lost];
    given(...history)
      .when(commands.ReopenOpportunity)
      .then({
        type: 'OpportunityReopened',
        data: { opportunityId, reason: 'they came back', limitDays: 21 },
      });
    const reopened = { type: 'OpportunityReopened', occurredAt: 5 } as const;
    const data = { opportunityId, reason: { $sealed: '', field: 'reason' }, limitDays: 21 };
    expect(given(...history, { ...reopened, data }).state()).toMatchObject({
      status: 'Open',
      stageId: 'solution',
      stageSince: 5,
      reasonCode: null,
    });
  });
});

describe('RevertWin', () => {
  it('takes back the win that the order comes from', () => {
    given(opened, linesRevised, won)
      .when(commands.RevertWin)
      .then({
        type: 'OpportunityWinReverted',
        data: { opportunityId, orderId: orderId(2), reasonCode: 'STOCK', limitDays: 14 },
      });
  });

  it('takes back no win but the one that stands: each leads to an order of its own', () => {
    const reverted = {
      type: 'OpportunityWinReverted',
      data: { opportunityId, orderId: orderId(2), reasonCode: 'STOCK', limitDays: 14 },
    } as const;
    const again = given(opened, linesRevised, won, reverted, won);
    expect(again.state().wonRevision).toBe(4);
    again.when(commands.RevertWin).refused('WRONG_ORDER');
    expect(
      again.when({ name: 'RevertWin', data: { orderId: orderId(4), reasonCode: 'STOCK' } }).facts(),
    ).toHaveLength(1);
    expect(orderId(4)).not.toBe(orderId(2));
  });

  it('is not held up by the number of open deals', () => {
    expect(
      given(opened, linesRevised, won).when(commands.RevertWin, { openDeals: 100 }).facts(),
    ).toHaveLength(1);
  });
});
