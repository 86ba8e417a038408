import type { Identified } from './identified.ts';
import { lastingName } from './lasting-name.ts';

/** At least so much of what both need or import is the same. */
const leastShared = 0.5;

/** One of two says little with fewer. */
const fewest = 3;

const mostGrowth = 4;

/** So many imports, of which so many are the same, weigh more than what is needed. */
const enough = 6;
const sureShare = 0.75;

/** Parts of a C library that glibc 2.34 put into one. */
const cLibrary = /^(?:lib(?:c|m|dl|rt|pthread|util)\.so|ld-linux.*|ld\.so|ld-musl.*|libc\.musl.*)$/;

/** Whether two files of one name may be releases of one thing, as far as facts show. What is not known does not object. */
export function areAlike(old: Identified, fresh: Identified): boolean {
  const [a, b] = [old.traits, fresh.traits];
  const isOther = (one: string | null, other: string | null) =>
    one !== null && other !== null && one !== other;
  if (isOther(a.kind, b.kind) || isOther(old.machine, fresh.machine)) return false;
  if (a.main !== b.main && (a.main !== null || b.main !== null)) return false;
  if (a.languages.length > 0 && b.languages.length > 0 && share(a.languages, b.languages) === 0)
    return false;
  const [size, other] = [a.size ?? 0, b.size ?? 0];
  if (size > 0 && other > 0 && Math.max(size, other) > mostGrowth * Math.min(size, other))
    return false;
  const [needs, needed] = [needsOf(a.needed), needsOf(b.needed)];
  const count = Math.min(a.imports.length, b.imports.length);
  const shared = share(a.imports, b.imports);
  const sharedNeeds = share(needs, needed);
  const areNeedsSure = Math.min(needs.length, needed.length) >= fewest && sharedNeeds >= sureShare;
  // A release may call more, and have another library do what one did, but not both at once.
  if (count >= fewest && shared < leastShared && !areNeedsSure) return false;
  const isSure = count >= enough && shared >= sureShare;
  return isSure || needs.length + needed.length === 0 || sharedNeeds >= leastShared;
}

/** By its name without a version. */
export function isOfCLibrary(name: string): boolean {
  return cLibrary.test(name);
}

/** `libssl` of `libssl1.1` and `libssl3t64`: distributions count the generations of a library in the name of its package. */
export function lastingPackage(name: string): string {
  const { key } = lastingName(name.replace(/t64$/, ''));
  return key.replace(/(?<=\D)\d+$/, '');
}

/** Names without versions. */
export function needsOf(needed: readonly string[]): readonly string[] {
  return needed.map((name) => lastingName(name).key).filter((key) => !isOfCLibrary(key));
}

function share(one: readonly string[], other: readonly string[]): number {
  const all = new Set([...one, ...other]);
  const others = new Set(other);
  const both = new Set(one.filter((each) => others.has(each)));
  return all.size === 0 ? 1 : both.size / all.size;
}
