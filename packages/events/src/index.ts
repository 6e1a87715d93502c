export * from './codec-types.ts';
export * from './sealed.ts';
