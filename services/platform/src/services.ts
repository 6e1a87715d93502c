// The list of services: all of them in one process.
import { CHURN, churnProjections, churnRoutes, churnService } from '@tenure/churn';
import { customerService } from '@tenure/customer';
import { customer360Routes, customer360Service } from '@tenure/customer-360';
import { loyaltyService } from '@tenure/loyalty';
import { openOperations, operationsSources } from '@tenure/operations';
import { leadService } from '@tenure/lead';
import { opportunityService } from '@tenure/opportunity';
import { orderService } from '@tenure/order';
import type { Platform } from '@tenure/runtime';
import { serviceService } from '@tenure/service';

const shared = new URL('../../../policies/', import.meta.url);

/** Customers that are somebody: neither bare, absorbed nor erased. */
const registered = { column: 'status', op: 'in', value: ['Registered', 'ErasurePending'] } as const;

export const platform: Platform = {
  services: [
    customerService,
    leadService,
    opportunityService,
    orderService,
    serviceService,
    loyaltyService,
    churnService,
  ],
  projectionServices: [customer360Service, churnProjections],
  routes: ({ projections, hashOf }) =>
    projections.flatMap(({ definition }) => {
      if (definition.name === 'customer-360') return customer360Routes({ definition, hashOf });
      return definition.name === CHURN ? churnRoutes(definition) : [];
    }),
  operations: {
    sources: operationsSources,
    open: (ports) =>
      openOperations({ ...ports, customers: () => ports.reader.count('customer-360', [registered]) }),
  },
  streamed: 'customer-360',
  broadcast: ['clock'],
  policyFolders: [shared],
  modules: {
    churn: import.meta.resolve('@tenure/churn'),
    customer: import.meta.resolve('@tenure/customer'),
    loyalty: import.meta.resolve('@tenure/loyalty'),
    lead: import.meta.resolve('@tenure/lead'),
    opportunity: import.meta.resolve('@tenure/opportunity'),
    order: import.meta.resolve('@tenure/order'),
    service: import.meta.resolve('@tenure/service'),
  },
};
