import { amount } from '../../base/amount.ts';
import { wrap } from '../../base/wrap.ts';
import { defaultGate } from '../policy.ts';
import type { Profile } from '../profile.ts';
import type { ProposedClaim, ProposedDependency, ProposedWaiver } from './fitting.ts';

/** What was found in an image: entries that are in force, and comments about it. */
export interface Fit {
  /** Lines without their `#`. */
  readonly about: readonly string[];
  readonly dependencies: readonly ProposedDependency[];
  readonly yours: readonly ProposedClaim[];
  /** Names of packages that are dependencies, and may be the user's own for all that is known; for comments. */
  readonly mute: readonly string[];
  readonly waivers: readonly ProposedWaiver[];
  /** Last day of the waivers. */
  readonly expires: string;
}

const nothing: Fit = { about: [], dependencies: [], yours: [], mute: [], waivers: [], expires: '' };

/** What `hullcheck init` writes: every setting, nearly all as comments to uncomment. */
export function initialConfig({ name, gate }: Profile, fit: Fit = nothing): string {
  return `# Configuration of hullcheck, for this folder and those below it;
# hullcheck config shows the effective settings.
# yaml-language-server: $schema=./node_modules/hullcheck/schema/config.schema.json

${fit.about.map(comment).join('')}${fit.about.length === 0 ? '' : '\n'}# Profile to judge by; hullcheck profiles lists them.
profile: ${name}

# Levels by rule: critical, high, medium, low, note or off.
# hullcheck rules lists the rules.
# rules:
#   bind-now: low
#   control-flow-protection:
#     level: off
#     reason: our processors do not have it

# Other levels for some binaries. The last one that matches wins; all its
# conditions have to match.
# overrides:
#   - path: /opt/vendor/**  # also: package, whose, layer (base or own), kind
#     rules:
#       stack-protector: note

# Paths that are not scanned at all.
# exclude:
#   - /usr/lib/debug/**

# When the exit code is 1. All conditions must hold.
gate:
  # Whose files count: yours, dependencies (and yours), or all. The others are
  # reported and do not break the gate.
  of: yours
  # Lowest severity that breaks the gate, and rules of which any finding does:
  # [high, pie].
  fail-on: ${gate.failOn ?? defaultGate.failOn}
  ${(gate.failOnUnknown ?? defaultGate.failOnUnknown) ? '' : '# '}fail-on-unknown: true
  # Minimum share of binaries that pass, in per cent, of those that the rule
  # applies to.
  # coverage:
  #   pie: 100
  #   stack-protector: 95
  # coverage-of: own              # only layers built on the base image
  # Maximum number of findings, by severity or rule.
  # maximum:
  #   medium: 10
  # allow-empty: true

# Findings that are accepted. The reason is shown in reports; after its last day
# a waiver has no effect.
# waivers:
#   - rule: pie
#     path: /usr/local/bin/legacy   # also: package, whose, layer, kind, digest,
#                                   # build-id
#     reason: vendor delivers no other build, ticket 123
#     expires: 2030-12-31
${waiverLines(fit)}
# Files that others built and no list of a package manager has. Name files
# by path or by digest.
# dependencies:
#   - name: node
#     version: 22.11.0
#     path: /usr/local/bin/node       # also: digest
#     reason: the build of nodejs.org
${dependencyLines(fit)}
# What you build, whatever installs it: your own packages, wheels and
# modules.
# yours:
#   - acmed                           # a package; also: a path, a digest,
#   - '*@acme.example'                # a maintainer, a package URL
#   - pkg:npm/@acme/*
${claimLines(fit)}
# Known findings: only new ones count.
# hullcheck IMAGE --baseline FILE --update-baseline writes it.
# baseline: hullcheck-baseline.json

# limits:
#   max-file-size: 1G
#   max-entries: 1000000
#   max-size: 32G
#   jobs: 4
`;
}

function waiverLines({ waivers, expires }: Fit): string {
  if (waivers.length === 0) return '';
  const entries = waivers.map(
    ({ rule, package: name, reason }) =>
      `  - rule: ${rule}
    package: ${text(name)}
    whose: dependency
    reason: ${sentence(reason)}
    expires: ${expires}
`,
  );
  return `waivers:\n${entries.join('')}`;
}

function dependencyLines({ dependencies }: Fit): string {
  const vouched = dependencies.filter(({ isVouched }) => isVouched);
  const others = dependencies.filter(({ isVouched }) => !isVouched);
  return [
    vouched.length === 0
      ? ''
      : `# Proposed, since they came with the base image. Check them: files listed here
# count as built by others.
dependencies:\n${dependencyEntries(vouched)}`,
    others.length === 0 ? '' : otherLines(others, vouched.length > 0),
  ].join('');
}

/** For a person: what is yours may have any name. */
function otherLines(others: readonly ProposedDependency[], hasList: boolean): string {
  const entries = `${hasList ? '' : 'dependencies:\n'}${dependencyEntries(others)}`;
  const lines = entries
    .trimEnd()
    .split('\n')
    .map((line) => `# ${line}\n`);
  return `# Known only by name and place, which prove nothing: they count as yours.
# Uncomment only those that others built.
${lines.join('')}`;
}

function dependencyEntries(dependencies: readonly ProposedDependency[]): string {
  const entries = dependencies.map(
    ({ name, version, path, reason }) =>
      `  - name: ${text(name)}
${version === '' ? '' : `    version: ${text(version)}\n`}    path:
${path.map((glob) => `      - ${text(glob)}\n`).join('')}    reason: ${sentence(reason)}
`,
  );
  return entries.join('');
}

function claimLines({ yours, mute }: Fit): string {
  const entries = yours.map(
    ({ package: [name = ''], reason }) =>
      `  - package: ${text(name)}\n    reason: ${sentence(reason)}\n`,
  );
  const proposed =
    yours.length === 0
      ? ''
      : `# Proposed, since no distribution and no public index has them. Remove those
# that you do not build.
yours:\n${entries.join('')}`;
  return proposed + muteLines(mute);
}

const mostMute = 20;

function muteLines(mute: readonly string[]): string {
  if (mute.length === 0) return '';
  const more = mute.length - mostMute;
  const names = `${mute.slice(0, mostMute).join(', ')}${more > 0 ? ` and ${amount(more, 'more package')}` : ''}`;
  const said = `These count as dependencies, and nothing in the image shows who built them. If one of them is yours, list it under yours: ${names}`;
  return wrap(said, 78)
    .map((line) => `# ${line}\n`)
    .join('');
}

/** Deeper lines are those of a list. */
function comment(line: string): string {
  const [indent = ''] = /^ */.exec(line) ?? [];
  return wrap(line.trim(), 78 - indent.length)
    .map((part) => `# ${indent}${part}\n`)
    .join('');
}

/** Longer than a line it goes on below: a line break in a quoted string is a space. */
function sentence(value: string): string {
  const plain = text(value);
  if (plain.length <= 68) return plain;
  const quoted = plain.startsWith('"') ? plain : JSON.stringify(plain);
  // Only a single space can be a line break, and wrap() leaves others as they are.
  return / {2}|\\/.test(quoted) ? quoted : wrap(quoted, 68).join('\n      ');
}

/** JSON's strings are YAML's, and a name in an image may hold anything. */
function text(value: string): string {
  return /^[\w./][\w./ -]*[\w./]$/.test(value) && !/^[\d.]+$/.test(value)
    ? value
    : JSON.stringify(value).replace(
        /[\u007f-\u00a0\u2028\u2029\ufeff]/g,
        (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
}
