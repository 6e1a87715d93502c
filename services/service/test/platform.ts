// A platform of the service desk, the customers who own its cases and the clock, for tests over HTTP.
import { customerService } from '../../customer/src/service.ts';
import { openOperations, operationsSources } from '../../operations/src/service.ts';
import type { Platform } from '../../../packages/runtime/src/index.ts';
import { serviceService } from '../src/service.ts';

export const platform: Platform = {
  services: [customerService, serviceService],
  projectionServices: [],
  routes: () => [],
  operations: {
    sources: operationsSources,
    open: (ports) => openOperations({ ...ports, customers: () => Promise.resolve(0) }),
  },
  streamed: 'cases',
  broadcast: ['clock'],
  policyFolders: [new URL('../../../policies/', import.meta.url)],
  modules: {
    customer: import.meta.resolve('../../customer/src/service.ts'),
    service: import.meta.resolve('../src/service.ts'),
  },
};
