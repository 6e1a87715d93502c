export type { FollowedCustomer, Follower, FollowOccasion, Saying } from './follower.ts';
export { startFollower, type FollowerDeps, type FollowerNews, type RunningFollower } from './start.ts';
