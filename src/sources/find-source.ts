// supporting: which source a reference means
import { UsageError } from '../errors.ts';
import { sources } from './index.ts';
import type { Input } from './input.ts';
import { openInput } from './open-input.ts';
import { seenAs } from './seen-as.ts';
import type { Claim, OpenSource, Source, SourceOptions } from './source.ts';

/**
 * Opens `scheme:reference`, or a reference whose content says what it is. Only a known scheme counts as one, so a path
 * with a colon (`C:\x`, `localhost:5000/x`) stays a path; `file:` in front of a path makes any path plain.
 * Throws UsageError (one sentence), DamagedInput when nothing at all could be read.
 */
export async function openTarget(reference: string, options: SourceOptions): Promise<OpenSource> {
  const { scheme, rest } = split(reference);
  const { input, close } = await openInput(rest, options.limits);
  try {
    const source = scheme === null ? await claimant(input) : await load(scheme);
    return { targets: await source.open(input, options), close: async () => close() };
  } catch (error) {
    close();
    throw error;
  }
}

function split(reference: string): { readonly scheme: string | null; readonly rest: string } {
  const colon = reference.indexOf(':');
  const scheme = colon < 0 ? '' : reference.slice(0, colon);
  return Object.hasOwn(sources, scheme)
    ? { scheme, rest: reference.slice(colon + 1) }
    : { scheme: null, rest: reference };
}

async function load(scheme: string): Promise<Source> {
  const source = await sources[scheme]?.();
  if (source === undefined) throw new Error(`no source is registered as ${scheme}`);
  return source;
}

const strength: Readonly<Record<Claim, number>> = { certain: 2, likely: 1, no: 0 };

async function claimant(input: Input): Promise<Source> {
  const claims: { readonly source: Source; readonly claim: Claim }[] = [];
  for (const scheme of Object.keys(sources)) {
    const source = await load(scheme);
    claims.push({ source, claim: await source.claims(input) });
  }
  const [best] = claims.sort((a, b) => strength[b.claim] - strength[a.claim]);
  if (best === undefined || best.claim === 'no') throw new UsageError(await notUnderstood(input));
  return best.source;
}

async function notUnderstood(input: Input): Promise<string> {
  const saw = input.kind === 'file' ? await seenAs(input) : 'a directory';
  return `${input.name} is ${saw}: expected an ELF file, a directory, or a tar (raw, gzip, zstd or xz) of an image or a root filesystem`;
}
