// supporting: how code scanning formats name a binary, without anything that changes with a build
import type { Judged, TargetReport } from '../report.ts';

/**
 * A relative path in percent-encoding, free of tag, digest and host folder: a viewer that knows this name knows the
 * binary of the next build too. A colon or `://` in it would be taken for a URI scheme, and the whole file refused.
 */
export function alertUri(target: TargetReport, { path: own }: Judged): string {
  // The same path of another platform is another file.
  const { kind, platform } = target;
  const image = [stableName(target), ...(platform === null ? [] : [platform])].join('/');
  return encodePath(kind === 'file' ? own : `${image}/${own}`);
}

/** `library/alpine` of `registry.example.org:5000/library/alpine:3.20@sha256:...`; of a path its file name. */
export function stableName({ name, kind, scheme }: TargetReport): string {
  if (kind === 'package') return name.split(' ', 1)[0] || 'package';
  const untagged = kind === 'image' ? name.replace(/@[^/]*$/, '').replace(/:[^/:]*$/, '') : name;
  if (kind === 'image' && !isPath(untagged)) return repositoryOf(untagged);
  const outside = untagged.startsWith('/') || untagged.split('/').includes('..');
  return scheme === 'dir' && !outside ? untagged : fileNameOf(untagged);
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

const archiveEnding = /\.(?:oci|tar|tgz|tar\.\w{1,4})$/;

/** Images that name no repository are called by the path they were given by. */
function isPath(name: string): boolean {
  return /^\.{0,2}\//.test(name) || archiveEnding.test(name);
}

function fileNameOf(path: string): string {
  const file = path.split('/').findLast((part) => part !== '' && part !== '.' && part !== '..');
  return file?.replace(archiveEnding, '') || 'root';
}

function repositoryOf(untagged: string): string {
  const [first = '', ...rest] = untagged.split('/');
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  return (isHost ? rest.join('/') : untagged) || 'image';
}
