// A command to the case that an event is about.
import { idOfStream } from '@tenure/core';
import type { DecodedEvent } from '@tenure/events';
import type { IssuedCommand } from '@tenure/service-kit';

export const issue = (event: DecodedEvent, command: string, body: object = {}): IssuedCommand => ({
  aggregate: 'case',
  id: idOfStream(event.stream),
  customerId: event.key,
  command,
  body,
});
