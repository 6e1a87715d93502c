export { runSchedule, type ScheduleResult } from './schedule.ts';
export { runLifecycle } from './lifecycle/schedule.ts';
