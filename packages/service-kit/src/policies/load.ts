// Reading the policy files of a deployment: those that ship, and an overlay. Whatever is wrong refuses the start, with
// file, path and reason.
import { createHash } from 'node:crypto';
import { canonicalJson, TenureError } from '@tenure/core';
import type { PolicySpec } from '../definition.ts';
import type { Policies, PolicyHead } from '../policies.ts';
import { policyBook } from './book.ts';
import { policyInvalid, readPolicyFolder, type PolicyFile } from './files.ts';

/** Hash of the content of every version a deployment has run with, by name (`sla.standard@1`). */
export type PolicyHashes = Readonly<Record<string, string>>;

export type LoadedPolicies = {
  readonly policies: Policies;
  /** To be kept in the data directory and given back as `seen` at the next start. */
  readonly hashes: PolicyHashes;
};

export type PolicySources = {
  /** Folders that ship: `policies/` at the root, then those of the services. */
  readonly folders: readonly (string | URL)[];
  /** `--policies DIR`: adds versions. Files lie in it or in folders below (`DIR/order/…`). */
  readonly overlay?: string | undefined;
  /** A policy that several services use stands here once per service, with the same schema. */
  readonly schemas: readonly PolicySpec[];
  readonly seen?: PolicyHashes | undefined;
};

type Version = { readonly head: PolicyHead; readonly file: string; readonly hash: string };

/**
 * @throws POLICY_INVALID (data: file, path, reason): an unparsable file, an unknown policy, key or code, a version twice ·
 *         POLICY_MISSING: a policy without any file · POLICY_CHANGED: a version in use has other content, or is gone
 */
export const loadPolicies = async (from: PolicySources): Promise<LoadedPolicies> => {
  const schemas = schemasByName(from.schemas);
  const files = (await Promise.all(from.folders.map((folder) => readPolicyFolder(folder)))).flat();
  if (from.overlay !== undefined) files.push(...(await readPolicyFolder(from.overlay, { deeper: true })));
  const versions = new Map<string, Version>();
  for (const file of files) add(versions, parsePolicy(file, schemas));
  const heads = [...versions.values()].map(({ head }) => head);
  for (const policy of schemas.keys())
    if (!heads.some((head) => head.policy === policy))
      throw new TenureError('POLICY_MISSING', `There is no file of the policy ${policy}. Add version 1.`, {
        policy,
      });
  const policies = policyBook(heads);
  for (const version of versions.values()) checkAgainstOthers(version, schemas, policies);
  return { policies, hashes: compare(versions, from.seen ?? {}) };
};

/** The name of a version: `order@1`, `calendar.business@1`. */
export const versionName = ({ policy, id, version }: PolicyHead): string =>
  `${policy}${id === undefined ? '' : `.${id}`}@${version}`;

const schemasByName = (specs: readonly PolicySpec[]): ReadonlyMap<string, PolicySpec> => {
  const byName = new Map<string, PolicySpec>();
  for (const spec of specs) {
    const known = byName.get(spec.policy);
    if (known !== undefined && known.schema !== spec.schema)
      throw new TypeError(`two services give the policy ${spec.policy} different schemas`);
    byName.set(spec.policy, spec);
  }
  return byName;
};

const parsePolicy = ({ file, content }: PolicyFile, schemas: ReadonlyMap<string, PolicySpec>): Version => {
  const name: unknown =
    typeof content === 'object' && content !== null && 'policy' in content ? content.policy : '';
  const spec = typeof name === 'string' ? schemas.get(name) : undefined;
  if (spec === undefined)
    throw policyInvalid(file, '/policy', `is none of ${[...schemas.keys()].toSorted().join(', ')}`);
  const parsed = spec.schema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = (issue?.path ?? []).map((part) => `/${String(part)}`).join('');
    throw policyInvalid(file, path, issue?.message ?? 'is not valid');
  }
  const hash = createHash('sha256').update(canonicalJson(content)).digest('hex');
  return { head: parsed.data, file, hash };
};

const add = (versions: Map<string, Version>, version: Version): void => {
  const name = versionName(version.head);
  const other = versions.get(name);
  if (other !== undefined && other.hash !== version.hash)
    throw policyInvalid(
      version.file,
      '/version',
      `${name} stands in ${other.file} already, with other content`,
    );
  versions.set(name, other ?? version);
};

const checkAgainstOthers = (
  { head, file }: Version,
  schemas: ReadonlyMap<string, PolicySpec>,
  policies: Policies,
): void => {
  const [problem] = schemas.get(head.policy)?.check?.(head, policies) ?? [];
  if (problem !== undefined) throw policyInvalid(file, problem.path, problem.reason);
};

/** What streams have recorded must mean the same for ever. */
const compare = (versions: ReadonlyMap<string, Version>, seen: PolicyHashes): PolicyHashes => {
  for (const [name, hash] of Object.entries(seen)) {
    const now = versions.get(name);
    if (now?.hash === hash) continue;
    const what =
      now === undefined
        ? `${name} was in use and is gone. Put its file back.`
        : `${now.file}: ${name} was in use with other content. Put that back and add a new version instead.`;
    throw new TenureError('POLICY_CHANGED', what, {
      version: name,
      ...(now !== undefined && { file: now.file }),
    });
  }
  const names = [...versions.keys()].toSorted();
  return Object.fromEntries(names.map((name): [string, string] => [name, versions.get(name)?.hash ?? '']));
};
