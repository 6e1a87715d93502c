export * from './control.ts';
export * from './definition.ts';
