import type { Document } from '@tenure/projections';
import { describe, expect, it } from 'vitest';
import { after, assessed, book, complaint, day, happened, idOf, SELF, type Happened } from '../test/story.ts';
import { columnsFor, signalColumn } from './columns.ts';
import { nothingPublished, type Published } from './published.ts';
import { signals } from './signals/index.ts';

const row = (events: readonly Happened[], churn: Published = nothingPublished) => {
  const slices = { ...after(...events), churn };
  const document: Document = { id: SELF, slices, summary: assessed(day(10), ...events) };
  return Object.fromEntries(columnsFor(book).map(({ name, value }) => [name, value(document)]));
};
const declined = [complaint('ComplaintRegistered', day(9)), complaint('RemedyDeclined', day(10))];

describe('the columns', () => {
  it('have one for the severity of every signal', () => {
    const names = columnsFor(book).map(({ name }) => name);
    for (const { code } of signals) expect(names).toContain(signalColumn(code));
    expect(row(declined)).toMatchObject({
      score: 45,
      level: 'MEDIUM',
      signal_complaint_unsettled: 3,
      signal_tier_down: null,
    });
  });

  it('mark what is not published yet, and nothing else', () => {
    const told: Published = {
      ...{ churned: null, level: 'MEDIUM', since: '2026-01-11T00:00:00.000Z' },
      signals: [{ code: 'COMPLAINT_UNSETTLED', severity: 3, signalId: idOf('signal') }],
    };
    expect(row([])['unpublished']).toBe(0);
    expect(row(declined)['unpublished']).toBe(1);
    expect(row(declined, told)['unpublished']).toBe(0);
    expect(row([], told)['unpublished']).toBe(1);
  });

  it('list nobody who was erased, and owe him nothing', () => {
    const erased = happened('customer', 'CustomerErased', day(10), {});
    expect(row([...declined, erased])).toMatchObject({ score: null, level: null, unpublished: 0 });
  });
});
