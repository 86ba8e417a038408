import type { Finding } from '../findings/findings-of.ts';

/** Protections that a compiler or linker gives when it is asked. */
export const protections = [
  'pie',
  'relro',
  'bind-now',
  'non-executable-stack',
  'separate-code',
  'stack-protector',
  'fortify-source',
  'stack-clash-protection',
  'control-flow-protection',
  'no-text-relocations',
  'no-writable-code',
  'no-instrumentation',
  'build-id',
  'compiler-flags',
] as const;
export type Protection = (typeof protections)[number];

/** What a build has to do to remove these findings. */
export function protectionsFor(findings: readonly Finding[]): ReadonlySet<Protection> {
  const rules = findings.map(({ verdict }) => verdict.rule);
  const wanted = new Set(protections.filter((each) => rules.includes(each)));
  // A position-independent program has slots that the one at a fixed address had not.
  if (wanted.has('pie')) wanted.add('relro');
  return wanted;
}

/** Whether flags of a build fix a finding of the rule: what a setuid program lacks has rules of its own. */
export function isOfBuild(rule: string): boolean {
  return rule === 'privileged-hardening' || protections.some((each) => each === rule);
}
