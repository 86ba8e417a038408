import { DamagedInput, UnreadablePart, UsageError } from '../../base/errors.ts';
import { bufferAccess } from '../../base/random-access.ts';
import { sources } from '../index.ts';
import { kindOfAdb } from '../packages/apk-three.ts';
import { parseReference } from '../registry/reference.ts';
import type { RemoteSource } from '../remote/remote-source.ts';
import type { Claim, OpenSource, Source, SourceOptions, Target } from '../source.ts';
import { allSources, isNameOfInput } from './all-sources.ts';
import type { FileInput, Input } from './input.ts';
import { isClearlyImage, nothingHere } from './nothing-here.ts';
import { type OpenInput, openBytes, openInput, openStream } from './open-input.ts';
import { withOtherReadings } from './other-readings.ts';
import { isNothingHere } from './path-of-reference.ts';
import { unreadInput } from './unread-input.ts';

/**
 * Opens `scheme:reference`, or a reference whose content says what it is. Only a known scheme counts as one, so a path
 * with a colon (`C:\x`, `localhost:5000/x`) stays a path; `file:` in front of a path makes any path plain.
 * Throws UsageError (one sentence), DamagedInput when nothing at all could be read.
 */
export async function openTarget(reference: string, options: SourceOptions): Promise<OpenSource> {
  const { scheme, rest } = splitScheme(reference);
  const remote = scheme === null ? await remoteFor(rest) : remotes[scheme];
  if (remote !== undefined) {
    const opening = (await remote()).open(rest, options);
    if (scheme === null) return opening.catch((error: unknown) => notHereEither(rest, error));
    const { targets, close } = await opening;
    return { targets: targets.map(withNamedScheme), close };
  }
  if (isNothingHere(rest)) throw nothingHere(rest, scheme !== null || (await endsAsInput(rest)));
  return openWith(await openInput(rest, options.limits), scheme, options);
}

/**
 * The same of bytes in memory, which must not change, or of a stream, which is copied first. `name` is for reports. A stream that fails
 * throws its own error.
 */
export async function openContent(
  name: string,
  content: Buffer | AsyncIterable<Buffer>,
  options: SourceOptions,
): Promise<OpenSource> {
  const opening = Buffer.isBuffer(content)
    ? openBytes(name, bufferAccess(content), options.limits)
    : openStream(name, content, options.limits);
  return openWith(await opening, null, options);
}

async function openWith(
  { input, close }: OpenInput,
  scheme: string | null,
  options: SourceOptions,
): Promise<OpenSource> {
  try {
    const source = scheme === null ? await claimant(input) : await load(scheme);
    if (source === null) throw new UsageError(await notUnderstood(input));
    const opened = await source.open(input, { ...options, isNamed: scheme !== null });
    // A scheme selects which reading counts.
    const targets =
      scheme === null
        ? await withOtherReadings(input, opened, options)
        : opened.map(withNamedScheme);
    return { targets, close: async () => close() };
  } catch (error) {
    close();
    throw error;
  }
}

function withNamedScheme(target: Target): Target {
  return { ...target, schemeBy: 'user' };
}

/** Sources that no content can claim. */
export const remotes: Readonly<Record<string, () => Promise<RemoteSource>>> = {
  containerd: async () => (await import('../daemon/containerd.ts')).default,
  docker: async () => (await import('../daemon/docker.ts')).default,
  proc: async () => (await import('../proc/proc.ts')).default,
  podman: async () => (await import('../daemon/podman.ts')).default,
  registry: async () => (await import('../registry/registry.ts')).default,
};

/** A reference that is not a path, but could be the name of an image, is one in a registry. */
async function remoteFor(reference: string): Promise<(() => Promise<RemoteSource>) | undefined> {
  return isNothingHere(reference) && (await mayBeImage(reference))
    ? remotes['registry']
    : undefined;
}

function notHereEither(reference: string, error: unknown): never {
  if (!(error instanceof DamagedInput)) throw error;
  throw new UnreadablePart(
    `${reference} is not a file or directory, and as an image in a registry: ${error.message}`,
  );
}

/** Files that are not there are more likely than images of such names. */
async function mayBeImage(reference: string): Promise<boolean> {
  if (parseReference(reference) === null || !isClearlyImage(reference)) return false;
  return !(await endsAsInput(reference));
}

/** Whether its name, without what may choose an image of it, ends as files that are opened do. */
function endsAsInput(reference: string): Promise<boolean> {
  return isNameOfInput(reference.replace(/[:@][^/]*$/s, ''));
}

/** Only a known scheme counts as one. */
export function splitScheme(reference: string): {
  readonly scheme: string | null;
  readonly rest: string;
  readonly isRemote: boolean;
} {
  const colon = reference.indexOf(':');
  const scheme = colon < 0 ? '' : reference.slice(0, colon);
  const isRemote = Object.hasOwn(remotes, scheme);
  return isRemote || Object.hasOwn(sources, scheme)
    ? { scheme, rest: reference.slice(colon + 1), isRemote }
    : { scheme: null, rest: reference, isRemote };
}

async function load(scheme: string): Promise<Source> {
  const source = await sources[scheme]?.();
  if (source === undefined) throw new Error(`no source is registered as ${scheme}`);
  return source;
}

const strength: Readonly<Record<Claim, number>> = { certain: 2, likely: 1, no: 0 };

/** The source whose content this is; null for none. */
export async function claimant(input: Input): Promise<Source | null> {
  const claims: { readonly source: Source; readonly claim: Claim }[] = [];
  for (const source of await allSources())
    claims.push({ source, claim: await source.claims(input) });
  const [best] = claims.sort((a, b) => strength[b.claim] - strength[a.claim]);
  return best === undefined || best.claim === 'no' ? null : best.source;
}

async function notUnderstood(input: Input): Promise<string> {
  const saw = input.kind === 'file' ? await seenAs(input) : 'is a directory';
  return `${input.name} ${saw}: expected an ELF file, a directory, a package, a file system, or a tar (also compressed) of an image or a root filesystem`;
}

/** For messages: `it is an XFS file system of 1024 bytes, which is not read`. Empty and unknown files are named as such. */
async function seenAs(input: FileInput): Promise<string> {
  const { file, format } = input;
  if (file.size === 0) return 'is empty';
  const unread = await unreadInput(input);
  if (unread !== null) return unread.message.replace(/^it /, '');
  if (format === 'compressed') return 'is compressed, but not a tar inside';
  if (format === 'adb' && (await kindOfAdb(file)) === 'list')
    return 'is a list of packages of apk-tools 3, which holds none of them';
  const head = await file.read(0, 16);
  for (const [magic, name] of marks)
    if (head.toString('latin1', 0, magic.length) === magic) return `is ${name}`;
  return head.includes(0) ? 'is of an unknown format' : 'is a text or of an unknown format';
}

/** Not containers of programs that Linux runs. */
const marks: readonly (readonly [magic: string, name: string])[] = [
  ['\xd0\x0d\xfe\xed', 'a device tree'],
  ['MZ', 'a PE file'],
  ['\xcf\xfa\xed\xfe', 'a Mach-O file'],
  ['#!', 'a script'],
];
