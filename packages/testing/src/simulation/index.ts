export { runSchedule, type ScheduleResult } from './schedule.ts';
