import { TenureError } from '@tenure/core';

export const fenced = (source: string, epoch: number, newest: number): TenureError =>
  new TenureError(
    'RELAY_FENCED',
    'A newer relay has taken this source over: this one stops. Nothing is lost, the newer one goes on.',
    { source, epoch, newest },
  );
