export { runSchedule, type ScheduleResult } from './schedule.ts';
export { runLifecycle, type LifecycleResult } from './lifecycle/schedule.ts';
