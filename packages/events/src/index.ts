export * from './codec-types.ts';
export * from './sealed.ts';
export * from './sealed-blocks.ts';
export * from './sealing.ts';
