export * from './world.ts';
export * from './at-every-step.ts';
