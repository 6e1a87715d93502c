export type { RelayCheckpoint, RelayCheckpoints } from './checkpoints.ts';
export { startRelay, type Relay, type RelayOptions, type RelayStats } from './relay.ts';
