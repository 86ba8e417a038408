import { basename } from 'node:path';
import { DamagedInput, UnreadablePart } from '../../../base/errors.ts';
import { Refused, Unreachable } from '../refusals.ts';
import type { Candidate, Way } from './ways.ts';

/** What was found, under which name, and one sentence for each thing on the way that the user should know. */
export interface FoundImage<Image> {
  readonly image: Image;
  readonly candidate: Candidate;
  readonly notices: readonly string[];
}

export type Scheme = 'http' | 'https';

/**
 * The first that has it. A mirror that fails is passed over, as podman does. A registry that is only one of several for a short name must
 * answer that it has no such image: if it is just out of reach, the next one may have another image of the same name.
 * Throws what the last way throws.
 */
export async function findImage<Image>(
  candidates: readonly Candidate[],
  schemesOf: (way: Way) => readonly Scheme[],
  fetch: (way: Way, scheme: Scheme, candidate: Candidate) => Promise<Image>,
): Promise<FoundImage<Image>> {
  const failures: DamagedInput[] = [];
  for (const candidate of candidates) {
    const notices = candidate.because === null ? [] : [`${candidate.because}: ${candidate.name}`];
    try {
      const { image, said } = await tryWays(candidate, schemesOf, fetch);
      return { image, candidate, notices: [...notices, ...said] };
    } catch (error) {
      if (!(error instanceof DamagedInput)) throw error;
      failures.push(error);
      if (!saysNo(error)) break;
    }
  }
  const [first] = failures;
  if (first !== undefined && failures.length === 1) throw first;
  throw new UnreadablePart(failures.map(({ message }) => message).join('; '));
}

/** Registries answer so for what is not there, and for what is not shown. */
function saysNo(error: DamagedInput): boolean {
  return error instanceof Refused && [401, 403, 404].includes(error.status);
}

async function tryWays<Image>(
  candidate: Candidate,
  schemesOf: (way: Way) => readonly Scheme[],
  fetch: (way: Way, scheme: Scheme, candidate: Candidate) => Promise<Image>,
): Promise<{ readonly image: Image; readonly said: readonly string[] }> {
  const passed: string[] = [];
  for (const way of candidate.ways) {
    const { reference, isMirror } = way;
    const place = `${reference.registry}/${reference.repository}`;
    const asked = `${candidate.reference.registry}/${candidate.reference.repository}`;
    try {
      const { image, scheme } = await tryWay(way, schemesOf(way), (each) =>
        fetch(way, each, candidate),
      );
      const from = isMirror ? `the mirror ${place}` : place;
      const how = safetyOf(way, scheme);
      const isPlain = place === asked && how === '';
      return {
        image,
        said: isPlain ? passed : [...passed, `fetched from ${from}${how}, as registries.conf says`],
      };
    } catch (error) {
      if (!(error instanceof DamagedInput)) throw error;
      if (!isMirror)
        throw passed.length === 0 ? error : withMirrors(error, ` (${passed.join('; ')})`);
      passed.push(`the mirror ${place} was passed over: ${error.message}`);
    }
  }
  throw new Error(`no way leads to ${candidate.name}`);
}

function withMirrors(error: DamagedInput, mirrors: string): DamagedInput {
  const message = `${error.message}${mirrors}`;
  if (error instanceof Refused) return new Refused(message, error.status);
  return error instanceof UnreadablePart ? new UnreadablePart(message) : error;
}

/** Where any certificate will do, none is as good, if TLS does not work: so podman tries both. */
async function tryWay<Image>(
  { blockedBy, reference }: Way,
  schemes: readonly Scheme[],
  fetch: (scheme: Scheme) => Promise<Image>,
): Promise<{ readonly image: Image; readonly scheme: Scheme }> {
  if (blockedBy !== null)
    throw new UnreadablePart(
      `${reference.registry}/${reference.repository} is blocked in ${basename(blockedBy)}`,
    );
  for (const [at, scheme] of schemes.entries()) {
    try {
      return { image: await fetch(scheme), scheme };
    } catch (error) {
      if (!(error instanceof Unreachable) || at === schemes.length - 1) throw error;
    }
  }
  throw new Error(`no protocol leads to ${reference.host}`);
}

function safetyOf({ insecure }: Way, scheme: Scheme): string {
  if (!insecure) return '';
  return scheme === 'http' ? ' without TLS' : ' without a check of its certificate';
}
