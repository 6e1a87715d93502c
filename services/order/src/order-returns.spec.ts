import { idOf } from '@tenure/testing';
import { describe, it } from 'vitest';
import {
  commands,
  confirmed,
  context,
  fulfilled,
  given,
  pieces,
  placed,
  reserved,
  returnReleased,
} from '../test/orders.ts';

describe('ReserveReturn', () => {
  const reserve = (name: string, ...lineQuantities: readonly ReturnType<typeof pieces>[]) =>
    ({ name: 'ReserveReturn', data: { returnId: idOf(name), lines: lineQuantities } }) as const;
  const all = [placed, confirmed, fulfilled] as const;

  it('sets pieces aside for a return', () => {
    given(...all)
      .when(reserve('first', pieces('pens', 2)))
      .then(reserved('first', pieces('pens', 2)));
  });

  it('never promises a piece to two returns', () => {
    given(...all, reserved('first', pieces('pens', 2)))
      .when(reserve('second', pieces('pens', 2)))
      .refused('QUANTITY_EXCEEDED', { lineId: idOf('pens'), left: 1 });
  });

  it('gives pieces to another return once they are released', () => {
    given(...all, reserved('first', pieces('pens', 3)), returnReleased('first'))
      .when(reserve('second', pieces('pens', 3)))
      .then(reserved('second', pieces('pens', 3)));
  });

  it('says nothing new about a return that holds the same pieces', () => {
    given(...all, reserved('first', pieces('pens', 2), pieces('desk', 1)))
      .when(reserve('first', pieces('desk', 1), pieces('pens', 1), pieces('pens', 1)))
      .then([]);
  });

  it('refuses other pieces for a return that holds some', () => {
    given(...all, reserved('first', pieces('pens', 2)))
      .when(reserve('first', pieces('pens', 1)))
      .refused('DUPLICATE_RETURN', { returnId: idOf('first') });
  });

  it('is possible up to and including the last day of the window', () => {
    const on = (today: string, returnDays = 30) =>
      given(...all).when(reserve('first', pieces('pens', 1)), {
        today,
        policy: { ...context.policy, returnDays },
      });
    on('2026-02-14').then(reserved('first', pieces('pens', 1)));
    on('2026-02-15').refused('RETURN_WINDOW_OVER', { lastDay: '2026-02-14' });
    // The policy in force when the return is asked for decides.
    on('2026-02-15', 31).then(reserved('first', pieces('pens', 1)));
    on('2026-02-14', 29).refused('RETURN_WINDOW_OVER', { lastDay: '2026-02-13' });
  });

  it('cuts the days in the zone of the deployment', () => {
    // 2026-01-15T10:00Z is the 16th on the Line Islands.
    given(...all)
      .when(reserve('first', pieces('pens', 1)), { today: '2026-02-15', zone: 'Pacific/Kiritimati' })
      .then(reserved('first', pieces('pens', 1)));
  });
});

describe('ReserveReturn for a return that is over', () => {
  it('sets nothing aside', () => {
    given(placed, confirmed, fulfilled)
      .when(commands.ReserveReturn, { returnWaits: false })
      .refused('RETURN_NOT_REQUESTED', { returnId: idOf('return') });
  });
});

describe('CloseOrder', () => {
  it('waits for the returns that are under way', () => {
    given(placed, confirmed, fulfilled)
      .when(commands.CloseOrder, { returnsUnderWay: [idOf('return')] })
      .refused('RETURN_UNDER_WAY', { returnIds: [idOf('return')] });
  });
});

describe('ReleaseReturn', () => {
  it('frees what the return held, and says nothing when it holds nothing', () => {
    const held = given(placed, confirmed, fulfilled, reserved('return', pieces('pens', 1)));
    held.when(commands.ReleaseReturn).then(returnReleased('return'));
    given(placed, confirmed, fulfilled, reserved('return', pieces('pens', 1)), returnReleased('return'))
      .when(commands.ReleaseReturn)
      .then([]);
  });
});
