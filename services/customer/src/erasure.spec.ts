import { uuid5 } from '@tenure/core';
import { idOf, SCENARIO_CONTEXT } from '@tenure/testing';
import { describe, expect, it } from 'vitest';
import {
  absorbed,
  absorbedParty,
  commands,
  erased,
  erasureRequested,
  given,
  holdPlaced,
  keysDestroyed,
  merged,
  registered,
  type CustomerFact,
} from '../test/customers.ts';

const released = {
  type: 'LegalHoldReleased',
  data: { holdId: idOf('hold') },
} as const satisfies CustomerFact;
const cancelled = {
  type: 'ErasureCancelled',
  data: { requestId: idOf('request'), reason: { $sealed: idOf('x'), field: 'reason' } },
} as const satisfies CustomerFact;

describe('PlaceLegalHold', () => {
  const place = (holdId?: string) =>
    ({ name: 'PlaceLegalHold', data: { basis: 'case 7', ...(holdId !== undefined && { holdId }) } }) as const;

  it('takes an id once while it is open', () => {
    given(registered)
      .when(place(idOf('hold')))
      .then(holdPlaced);
    given(registered, holdPlaced)
      .when(place(idOf('hold')))
      .refused('DUPLICATE_HOLD');
    given(registered, holdPlaced, released)
      .when(place(idOf('hold')))
      .then(holdPlaced);
    expect(given(registered).when(place()).facts()[0]?.data).toMatchObject({
      holdId: uuid5(SCENARIO_CONTEXT.commandId, 'holdId'),
    });
  });

  it('holds at most fifty at once', () => {
    const many = Array.from({ length: 50 }, (_, i) => ({
      ...holdPlaced,
      data: { holdId: idOf(`hold ${i}`), basis: 'case' },
    }));
    given(registered, ...many)
      .when(place())
      .refused('LIMIT_EXCEEDED', { limit: 'legalHolds', value: 50 });
  });
});

describe('ReleaseLegalHold', () => {
  it('knows the hold', () => {
    given(registered, holdPlaced).when(commands.ReleaseLegalHold).then(released);
    given(registered, holdPlaced, released).when(commands.ReleaseLegalHold).refused('UNKNOWN_HOLD');
  });
});

describe('RequestErasure', () => {
  const request = (dueBy?: string) =>
    ({
      name: 'RequestErasure',
      data: { requestId: idOf('request'), ...(dueBy !== undefined && { dueBy }) },
    }) as const;

  it('is due in 30 days unless it says otherwise', () => {
    given(registered).when(request()).then(erasureRequested);
    expect(given(registered).when(request('2026-01-15')).facts()[0]?.data).toMatchObject({
      dueBy: '2026-01-15',
    });
    given(registered).when(request('2026-01-14')).refused('DATE_PASSED');
  });

  it('waits for the customer’s own merges', () => {
    const history = [registered, merged('merge', 'other')];
    given(...history)
      .when(request())
      .refused('MERGE_UNDER_WAY');
    const others = new Map([[idOf('other'), absorbedParty('other', 'merge')]]);
    given(...history)
      .when(request(), { others })
      .then(erasureRequested);
  });
});

describe('CancelErasure', () => {
  it('leads back to what was before', () => {
    expect(given(registered, erasureRequested, cancelled).state()).toMatchObject({
      status: 'Registered',
      erasure: null,
    });
    expect(given(registered, absorbed, erasureRequested, cancelled).state()).toMatchObject({
      status: 'Absorbed',
      survivorId: idOf('survivor'),
    });
  });

  it('is too late when the keys are destroyed', () => {
    given(registered, erasureRequested, keysDestroyed).when(commands.CancelErasure).refused('KEYS_DESTROYED');
  });
});

describe('DestroySubjectKeys and EraseCustomer', () => {
  it('are refused while any legal hold is open', () => {
    const held = [registered, erasureRequested, holdPlaced];
    given(...held)
      .when(commands.DestroySubjectKeys)
      .refused('LEGAL_HOLD', { holdIds: [idOf('hold')] });
    given(registered, erasureRequested, keysDestroyed, holdPlaced)
      .when(commands.EraseCustomer)
      .refused('LEGAL_HOLD');
    given(...held, released)
      .when(commands.DestroySubjectKeys)
      .then(keysDestroyed);
  });

  it('come one after the other, each once', () => {
    given(registered, erasureRequested).when(commands.EraseCustomer).refused('KEYS_NOT_DESTROYED');
    given(registered, erasureRequested, keysDestroyed).when(commands.DestroySubjectKeys).then([]);
    given(registered, erasureRequested, keysDestroyed).when(commands.EraseCustomer).then(erased);
  });
});

describe('ExportSubjectData', () => {
  it('records what was handed out', () => {
    given(registered)
      .when(commands.ExportSubjectData)
      .then({
        type: 'SubjectDataExported',
        data: {
          requestId: uuid5(SCENARIO_CONTEXT.commandId, 'requestId'),
          format: 'JSON',
          artefactSha256: 'b'.repeat(64),
        },
      });
  });
});
