// supporting: how code scanning formats name a binary, without anything that changes with a build
import type { BinaryReport, TargetReport } from '../report.ts';

/**
 * A relative path in percent-encoding, free of tag, digest and host folder: a viewer that knows this name knows the
 * binary of the next build too. A colon or `://` in it would be taken for a URI scheme, and the whole file refused.
 */
export function alertUri(target: TargetReport, binary: BinaryReport): string {
  const path = target.kind === 'file' ? binary.path : `${stableName(target)}/${binary.path}`;
  return encodePath(path);
}

/** `library/alpine` of `registry.example.org:5000/library/alpine:3.20@sha256:...`; of a path its file name. */
export function stableName(target: TargetReport): string {
  const { name, kind, scheme } = target;
  if (kind === 'image' && !isPath(name)) return repositoryOf(name);
  if (scheme === 'dir' && !name.startsWith('/') && !name.split('/').includes('..')) return name;
  const file =
    name.split('/').findLast((part) => part !== '' && part !== '.' && part !== '..') ?? 'root';
  return file.replace(/\.(?:tar|tgz|tar\.\w{1,4})$/, '') || 'root';
}

/** Percent-encodes each segment; `.`, `..` and empty ones are left out. */
export function encodePath(path: string): string {
  const segments = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
  return segments.map(encodeSegment).join('/') || 'root';
}

function encodeSegment(segment: string): string {
  // encodeURIComponent throws on a lone surrogate, and leaves a few characters that viewers trip over.
  return encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function isPath(name: string): boolean {
  return /^\.{0,2}\//.test(name) || /\.(?:tar|tgz|tar\.\w{1,4})$/.test(name);
}

function repositoryOf(reference: string): string {
  const untagged = reference.replace(/@.*$/s, '').replace(/:[^/:]*$/, '');
  const [first = '', ...rest] = untagged.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return (isHost ? rest.join('/') : untagged) || 'image';
}
