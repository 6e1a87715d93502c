// The churn projection: the assessment of every customer, beside what was published of him.
import { projection, type ProjectionDefinition } from '@tenure/projections';
import { customerMerges } from '@tenure/service-kit';
import { assessmentOf, wakeAt } from './assessment.ts';
import { columnsFor } from './columns.ts';
import type { RuleBook } from './rules.ts';
import { assessedSlices, foldedSlices } from './slices.ts';
import { churnSlice } from './slices/churn-slice.ts';

/** The projection's name, and the path of its reads. */
export const CHURN = 'churn';

/** The projection `churn` for a deployment: its zone cuts business days, its rules assess. */
export const churn = (zone: string, book: RuleBook): ProjectionDefinition =>
  projection({
    name: CHURN,
    version: 1,
    slices: { ...foldedSlices(zone), churn: churnSlice },
    summarise: (slices, today) => assessmentOf(assessedSlices(slices), today, book),
    wakeAt: ({ slices }, today) => wakeAt(assessedSlices(slices), today, book),
    merges: customerMerges, // merged customers are assessed as one
    columns: columnsFor(book),
  });
