// What main thread and pipeline say to each other, and under which names.
import type { Alarm, Progress } from '@tenure/projections';
import type { CommandBus } from '@tenure/service-kit';
import type { ReactionNews } from './reaction-news.ts';
import type { Pipeline } from './pipeline.ts';

/** What the main thread hears from the pipeline, and does for it. */
export type MainCalls = {
  progress(progress: Progress): Promise<void>;
  alarm(alarm: Alarm): Promise<void>;
  reaction(news: ReactionNews): Promise<void>;
  submit: CommandBus['submit'];
  fatal(detail: string): Promise<void>;
};

/** What the pipeline answers beside the projection control and the log. */
export type PipelineCalls = Pick<
  Pipeline,
  'heads' | 'eventCounts' | 'readiness' | 'processes' | 'listen' | 'settled'
>;

export const CHANNELS = { main: 'main', pipeline: 'pipeline', control: 'control' } as const;
