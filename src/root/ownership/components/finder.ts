import { excessOfJson } from '../../../base/json-bounds.ts';
import { type Members, membersOf } from '../../../base/json-members.ts';
import type { Ownership } from '../ownership.ts';

/** A file of a root, as far as lists of files know it. */
export interface FoundFile {
  readonly path: string;
  /** Of its content; null where it was not read: then no list of digests vouches for it. */
  readonly sha256: string | null;
}

export interface Found {
  readonly ownership: Ownership;
  /** By a digest of the content, by a list of all that was installed, or by the name of its place alone. */
  readonly vouched: 'digest' | 'list' | 'name';
}

/** What the lists of one package manager say of a file; null where they say nothing. */
export type Finder = (file: FoundFile) => Found | null;

/** A file that a list names. */
export interface Listed {
  readonly ownership: Ownership;
  /** In hexadecimal; null where the list has none. */
  readonly sha256: string | null;
}

/** By path, of lists with digests: a file of another content is not the one that is listed. */
export function findListed(listed: ReadonlyMap<string, Listed>): Finder {
  return ({ path, sha256: content }) => {
    const found = listed.get(path);
    if (found === undefined) return null;
    const { ownership, sha256 } = found;
    if (sha256 === null) return { ownership, vouched: 'name' };
    return sha256 === content ? { ownership, vouched: 'digest' } : null;
  };
}

/** The members of a JSON object, or null for what is not one. Damage gives null too: then nothing vouches for a file. */
export function readJson(text: Buffer | undefined): Members | null {
  if (text === undefined || excessOfJson(text) !== null) return null;
  try {
    const value: unknown = JSON.parse(text.toString('utf8'));
    return membersOf(value);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** `pkg:npm/%40img/sharp@0.33.5` (https://github.com/package-url/purl-spec): slashes part the namespace from the name. */
export function purlOf(type: string, name: string, version: string): string {
  const encode = (text: string) => encodeURIComponent(text.toWellFormed()).replaceAll('%3A', ':');
  return `pkg:${type}/${name.split('/').map(encode).join('/')}@${encode(version)}`;
}
