// The bodies of the commands of a match candidate. What the rules find is never sent: it is looked up when it is decided.
import { fields, type CommandSpec } from '@tenure/service-kit';
import { z } from 'zod';
import { MERGING_ROLES } from './commands.ts';

const { id, name } = fields;

const gone = ['PARTY_GONE', 'INTERNAL_PARTY'];

export const matchCommands: Readonly<Record<string, CommandSpec>> = {
  ProposeMatch: {
    body: z.strictObject({ leftId: id, rightId: id }),
    rules: ['SAME_PARTY', ...gone, 'ALREADY_REJECTED', 'NOT_ALIKE'],
  },
  ApproveMatch: {
    body: z.strictObject({ survivorId: id.optional() }),
    roles: MERGING_ROLES,
    rules: [...gone, 'UNKNOWN_PARTY', 'SURVIVOR_NOT_REGISTERED', 'NOT_CERTAIN'],
  },
  RejectMatch: { body: z.strictObject({ reason: name }), roles: MERGING_ROLES },
};
