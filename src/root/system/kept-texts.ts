import type { KeepsText } from '../../layers/building/text-rooms.ts';
import { mayBeForShell } from '../exposure/plain-texts.ts';
import { isForShell } from '../exposure/script-text.ts';
import { isServiceFile } from '../exposure/service-files.ts';
import { isTaskFile } from '../exposure/task-runners.ts';
import { isKernelConfig } from './kernel-configs.ts';

/**
 * Files of a root that describe what it consists of. Everything else that is not an ELF file is skipped unread, except
 * for the texts that the start of an image may lead to; each of these is bounded by the limit for texts.
 */
const kept = [
  /^\/(etc|usr\/lib)\/os-release$/,
  /^\/(usr\/)?lib\/apk\/db\/installed$/,
  /^\/etc\/apk\/world$/,
  /^\/var\/lib\/dpkg\/(status|status\.d\/[^/]+|diversions|info\/[^/]+\.(list|md5sums))$/,
  /^\/((var\/lib|usr\/lib\/sysimage|usr\/share)\/rpm|root\/\.rpmdb)\/rpmdb\.sqlite$/,
  /^\/var\/lib\/pacman\/local\/[^/]+\/(desc|files)$/,
  /^\/etc\/(passwd|group)$/,
  // glibc opens them in /etc, where they may be links.
  /\/ld\.so\.(cache|preload)$/,
  // musl reads it next to the directory of its own loader.
  /^(\/[^/]+)*\/etc\/ld-musl-[^/]+\.path$/,
];

interface KeptByContent {
  readonly pattern: RegExp;
  readonly largest: number;
}

/**
 * What loaders and runtimes read may lie anywhere and have its place as a link, or as a second name: then its first bytes
 * say what it is.
 */
const keptByContent: readonly KeptByContent[] = [
  // /etc/ld.so.cache (glibc, sysdeps/generic/dl-cache.h), in its old format and in its new one.
  { pattern: /^(ld\.so-1\.7\.0|glibc-ld\.so\.cache1)/, largest: 1 << 20 },
  // /etc/passwd and /etc/group: a name, a password and a number.
  { pattern: /^[\w.-]+:[^:\n]{0,128}:\d+:/, largest: 1 << 16 },
  // Paths, as in /etc/ld-musl-ARCH.path and /etc/ld.so.preload.
  { pattern: /^[\s:]*\/[\w.]/, largest: 1 << 12 },
];

/** What package managers of languages write of what they installed, up to the size that such files have. */
const lists = [
  { pattern: /\/node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/, largest: 1 << 19 },
  { pattern: /\/node_modules\/\.package-lock\.json$/, largest: 1 << 24 },
  { pattern: /\.dist-info\/(?:RECORD|WHEEL|direct_url\.json)$/, largest: 1 << 22 },
  {
    pattern: /^\/META-INF\/(?:MANIFEST\.MF|maven\/[^/]+\/[^/]+\/pom\.properties)$/,
    largest: 1 << 16,
  },
  { pattern: /\/conda-meta\/[^/]+\.json$/, largest: 1 << 23 },
];

export function keepsText(path: string, head: Buffer, size: number): KeepsText {
  if (kept.some((pattern) => pattern.test(path))) return true;
  if (path === '/manifest.json') return isWebManifest(head, size) ? 'sparingly' : false;
  if (isList(path, size)) return 'list';
  if (isKernelConfig(path, head)) return true;
  const isProgram = head[0] === 0x7f;
  if (!isProgram && isServiceFile(path)) return 'sparingly';
  if (size === 0 || isProgram) return false;
  const text = head.toString('latin1', 0, 256);
  // A system of some thousand packages has a thousand of them, which are 2.5 MiB together.
  if (text.startsWith('#!')) return isForShell(firstLine(text)) ? 'sparingly' : false;
  if (isLikely(head)) {
    const isKept = keptByContent.some(
      ({ pattern, largest }) => size <= largest && pattern.test(text),
    );
    if (isKept) return 'sparingly';
  }
  if (isTaskFile(path, size) && !head.includes(0)) return 'text';
  return mayBeForShell(path, head, size) ? 'text' : false;
}

/** That of a web application is an object; the one of an image, which is a list, is never needed of a root. */
function isWebManifest(head: Buffer, size: number): boolean {
  return size <= 1 << 20 && /^\ufeff?\s*\{/.test(head.toString('utf8', 0, 256));
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}

/** Most paths end with none of these names. */
function isList(path: string, size: number): boolean {
  if (!/(?:json|RECORD|WHEEL|MF|pom\.properties)$/.test(path)) return false;
  return lists.some(({ pattern, largest }) => size <= largest && pattern.test(path));
}

/** The first bytes exclude most files: few that begin with a letter have a colon soon. */
function isLikely(head: Buffer): boolean {
  const [first = 0] = head;
  if (first === 0x2f) return head[1] !== 0x2f && head[1] !== 0x2a;
  if (first === 0x3a || first === 0x0a || first === 0x20 || first === 0x09) return true;
  return first === 0x67 || first === 0x6c || head.subarray(0, 64).includes(0x3a);
}
