// Leads become customers and deals, won deals become orders, returns are reserved: each chain is complete or undone.
import { uuid5 } from '@tenure/core';
import { groupBy, holds } from '../../invariants/facts.ts';
import { stateOf } from './commands.ts';
import type { Facts, Happened } from './facts.ts';

type Asked = Happened<'LeadConversionRequested'>;

/** What made the party of the lead a customer, and the lead part of a deal; undefined: nothing did. */
const doneFor = (facts: Facts, { key, data }: Asked) => {
  const { leadId, customerMode, opportunityMode, conversionId, opportunityId: named } = data;
  const opportunityId = opportunityMode === 'NEW' ? uuid5(conversionId, 'opportunity') : named;
  const customer =
    (customerMode === 'NEW' ? facts.of('CustomerRegistered').find((one) => one.key === key) : undefined) ??
    facts.of('CustomerAbsorbed').find((one) => one.key === key);
  const deal =
    facts.of('OpportunityOpened').find(({ data: { originLeadId } }) => originLeadId === leadId) ??
    facts
      .of('OpportunityContactAttached')
      .find(({ data: attached }) => attached.leadId === leadId && attached.opportunityId === opportunityId);
  return { customer, deal, needsDeal: opportunityMode !== 'NONE' };
};

export const checkConversions = (facts: Facts): void => {
  const requests = groupBy(facts.of('LeadConversionRequested'), ({ data }) => data.leadId);
  for (const converted of facts.of('LeadConverted')) {
    const { leadId, conversionId } = converted.data;
    const asked = requests.get(leadId)?.findLast(({ data }) => data.conversionId === conversionId);
    const { customer, deal, needsDeal } = asked ? doneFor(facts, asked) : {};
    const before = (event: Parameters<Facts['place']>[0] | undefined): boolean =>
      event !== undefined && facts.place(event) < facts.place(converted);
    holds(before(customer), 'a conversion is complete when its customer is there', leadId);
    holds(needsDeal === false || before(deal), 'a conversion is complete when its deal is there', leadId);
  }
  for (const [leadId, asked] of requests) {
    const { status } = stateOf(facts, `lead-${leadId}`);
    holds(status !== 'Converting', 'no lead is left converting', leadId);
    const last = asked.at(-1);
    if (status !== 'Qualified' || last === undefined) continue;
    const { customer, deal, needsDeal } = doneFor(facts, last);
    const isDone = customer !== undefined && (deal !== undefined || !needsDeal);
    holds(!isDone, 'what succeeded late is completed all the same', leadId);
  }
  const opened = groupBy(facts.of('OpportunityOpened'), ({ data }) => data.originLeadId ?? '');
  for (const [leadId, deals] of opened)
    holds(leadId === '' || deals.length === 1, 'a conversion opens one deal', `${leadId}: ${deals.length}`);
};

export const checkWins = (facts: Facts): void => {
  const placed = new Map(facts.of('OrderPlaced').map((event) => [event.data.orderId, event]));
  const gone = [...facts.of('OrderRejected'), ...facts.of('OrderCancelled')];
  const wins = new Map(
    facts.of('OpportunityWon').map((won) => [uuid5(won.data.opportunityId, String(won.revision)), won]),
  );
  for (const [orderId, won] of wins)
    holds(
      placed.get(orderId)?.data.opportunityId === won.data.opportunityId,
      'each win has its order',
      `${won.stream}@${won.revision}`,
    );
  for (const [orderId, { data }] of placed)
    holds(data.opportunityId === null || wins.has(orderId), 'each order of a deal has its win', orderId);
  const reverted = groupBy(facts.of('OpportunityWinReverted'), ({ data }) => data.orderId);
  for (const { data } of gone) {
    if (data.opportunityId === null) continue;
    const times = reverted.get(data.orderId)?.length ?? 0;
    holds(times === 1, 'a win whose order is gone is reverted once', `${data.orderId}: ${times}`);
  }
  for (const orderId of reverted.keys())
    holds(
      gone.some(({ data }) => data.orderId === orderId),
      'only such a win is reverted',
      orderId,
    );
};

export const checkReturns = (facts: Facts): void => {
  const reserved = groupBy(facts.of('ReturnReserved'), ({ data }) => data.returnId);
  const released = groupBy(facts.of('ReturnReleased'), ({ data }) => data.returnId);
  const requested = groupBy(facts.of('ReturnRequested'), ({ data }) => data.returnId);
  const rejected = groupBy(facts.of('ReturnRejected'), ({ data }) => data.returnId);
  for (const returnId of requested.keys()) {
    const [reservations, releases] = [
      reserved.get(returnId)?.length ?? 0,
      released.get(returnId)?.length ?? 0,
    ];
    const isRejected = rejected.has(returnId);
    const detail = `${returnId}: reserved ${reservations}, released ${releases}, rejected ${isRejected}`;
    holds(reservations <= 1 && releases <= reservations, 'a return reserves once', detail);
    holds(
      isRejected ? reservations === releases : reservations === 1 && releases === 0,
      'a return is reserved or rejected',
      detail,
    );
  }
  for (const returnId of reserved.keys())
    holds(requested.has(returnId), 'nothing is reserved that nobody returns', returnId);
  for (const { data } of facts.of('ReturnApproved'))
    holds(reserved.has(data.returnId), 'only what is reserved is approved', data.returnId);
  checkPieces(facts);
};

type Pieces = readonly { readonly lineId: string; readonly qty: number }[];

/** No piece comes back twice. */
const checkPieces = (facts: Facts): void => {
  const released = new Set(facts.of('ReturnReleased').map(({ data }) => data.returnId));
  for (const { data: fulfilled } of facts.of('OrderFulfilled')) {
    const held = facts
      .of('ReturnReserved')
      .filter(({ data }) => data.orderId === fulfilled.orderId && !released.has(data.returnId))
      .flatMap(({ data }) => data.lines as Pieces);
    for (const { lineId, qty } of fulfilled.lines) {
      const back = held.reduce((sum, one) => sum + (one.lineId === lineId ? one.qty : 0), 0);
      holds(back <= qty, 'no piece comes back twice', `${fulfilled.orderId} ${lineId}: ${back} of ${qty}`);
    }
  }
};
