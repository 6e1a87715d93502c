// Power cuts without a plug: record what a program does to the disk, cut anywhere, look at what is left.
export { powerCuts, type PowerCut } from './power-cuts.ts';
export { hasStrace, recordDisk, runWithFault, type Ran, type Recording } from './strace.ts';
