import assert from 'node:assert/strict';
import { createPackageOwners } from '../../../src/root/packages/package-owners.ts';
import { buildRoot, type Things } from './root-builder.ts';

export interface OwnerCase {
  readonly name: string;
  readonly things: Things;
  readonly path: string;
  /** The purl; null: unpackaged; a pattern: not known because. */
  readonly want: string | RegExp | null;
}

export function assertOwner({ things, path, want }: OwnerCase): void {
  const root = buildRoot(things);
  const entry = root.entry(path);
  assert.ok(entry);
  const owner = createPackageOwners(root)(entry);
  if (want instanceof RegExp) assert.match(owner.known ? 'known' : owner.because, want);
  else assert.deepEqual(owner.known ? (owner.value?.purl ?? null) : owner.because, want);
}
