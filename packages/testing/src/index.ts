export * from './faults.ts';
export * from './faulty-ports.ts';
export * from './given.ts';
export * from './power.ts';
export * from './random.ts';
export * from './scheduler.ts';
