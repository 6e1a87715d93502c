// The record of a finished import.
import { route, type RouteSpec } from '@tenure/http';
import { z } from 'zod';
import { recordImport } from '../jobs.ts';
import type { OperationsPorts } from '../ports.ts';

const Count = z.int().min(0);

const ImportRun = z.strictObject({
  importId: z.uuid(),
  source: z.string().min(1).max(64),
  accepted: Count,
  updated: Count,
  duplicates: Count,
  rejected: Count,
  reportSha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** `POST /ops/imports`. */
export const importRoutes = (ports: OperationsPorts): readonly RouteSpec[] => [
  route({
    method: 'POST',
    path: '/ops/imports',
    summary: 'Record a finished import',
    tag: 'operations',
    access: { rights: ['backfill'] },
    body: ImportRun,
    responses: { 201: { description: 'Recorded', schema: z.object({ importId: z.string() }) } },
    handle: async ({ body, principal }) => {
      await recordImport(ports, body, principal.actor);
      return { status: 201, body: { importId: body.importId } };
    },
  }),
];
