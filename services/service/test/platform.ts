// A platform of the service desk and the clock alone, for tests over HTTP.
import { openOperations, operationsSources } from '../../operations/src/service.ts';
import type { Platform } from '../../../packages/runtime/src/index.ts';
import { serviceService } from '../src/service.ts';

export const platform: Platform = {
  services: [serviceService],
  projectionServices: [],
  routes: () => [],
  operations: {
    sources: operationsSources,
    open: (ports) => openOperations({ ...ports, customers: () => Promise.resolve(0) }),
  },
  streamed: 'cases',
  broadcast: ['clock'],
  policyFolders: [new URL('../../../policies/', import.meta.url)],
  modules: { service: import.meta.resolve('../src/service.ts') },
};
