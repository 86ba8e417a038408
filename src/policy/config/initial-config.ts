import { defaultGate } from '../policy.ts';
import type { Profile } from '../profile.ts';
import type { ProposedClaim, ProposedDependency, ProposedWaiver } from './fitting.ts';

/** What was found in an image: entries that are in force, and comments about it. */
export interface Fit {
  /** Lines without their `#`. */
  readonly about: readonly string[];
  readonly dependencies: readonly ProposedDependency[];
  readonly yours: readonly ProposedClaim[];
  readonly waivers: readonly ProposedWaiver[];
  /** Last day of the waivers. */
  readonly expires: string;
}

const nothing: Fit = { about: [], dependencies: [], yours: [], waivers: [], expires: '' };

/** What `hullcheck init` writes: every setting, most of them as comments that can be taken out as they stand. */
export function initialConfig({ name, gate }: Profile, fit: Fit = nothing): string {
  return `# Configuration of hullcheck. It is found from here downwards; hullcheck config shows what is in force.
# yaml-language-server: $schema=./node_modules/hullcheck/schema/config.schema.json

${fit.about.map((line) => `# ${line}\n`).join('')}${fit.about.length === 0 ? '' : '\n'}# What binaries are judged by: hullcheck profiles lists them.
profile: ${name}

# Levels by rule: critical, high, medium, low, note or off. hullcheck rules lists the rules.
# rules:
#   bind-now: low
#   control-flow-protection:
#     level: off
#     reason: our processors do not have it

# Other levels for some binaries. The last that matches wins; each needs all that it names.
# overrides:
#   - path: /opt/vendor/**        # also: package, whose, layer (base or own), kind
#     rules:
#       stack-protector: note

# Paths that are not scanned at all.
# exclude:
#   - /usr/lib/debug/**

# When the exit code is 1. All conditions must hold.
gate:
  # Whose files count: yours, those of dependencies too, or all. The others are reported and break nothing.
  of: yours
  # Least severity that breaks it, and rules of which any finding does: [high, pie].
  fail-on: ${gate.failOn ?? defaultGate.failOn}
  ${(gate.failOnUnknown ?? defaultGate.failOnUnknown) ? '' : '# '}fail-on-unknown: true
  # Least share of binaries that pass, in per cent, of those the rule applies to.
  # coverage:
  #   pie: 100
  #   stack-protector: 95
  # coverage-of: own              # only layers built on the base image
  # Most findings, by severity or rule.
  # maximum:
  #   medium: 10
  # allow-empty: true

# Findings that are accepted. The reason is shown in reports; after its last day a waiver hides nothing.
# waivers:
#   - rule: pie
#     path: /usr/local/bin/legacy   # also: package, whose, layer, kind, digest, build-id
#     reason: vendor delivers no other build, ticket 123
#     expires: 2030-12-31
${waiverLines(fit)}
# Files that others made and no list of a package manager has. Of one that has no digest, a path will do.
# dependencies:
#   - name: node
#     version: 22.11.0
#     path: /usr/local/bin/node       # also: digest
#     reason: the build of nodejs.org
${dependencyLines(fit)}
# What you build, whatever brings it into the image: own packages, wheels and modules.
# yours:
#   - acmed                           # a package; also: a path, a digest,
#   - '*@acme.example'                # a maintainer, a package URL
#   - pkg:npm/@acme/*
${claimLines(fit)}
# Known findings: only new ones count. hullcheck IMAGE --baseline FILE --update-baseline writes it.
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
    reason: ${text(reason)}
    expires: ${expires}
`,
  );
  return `waivers:\n${entries.join('')}`;
}

function dependencyLines({ dependencies }: Fit): string {
  if (dependencies.length === 0) return '';
  const entries = dependencies.map(
    ({ name, version, path, reason }) =>
      `  - name: ${text(name)}
${version === '' ? '' : `    version: ${text(version)}\n`}    path:
${path.map((glob) => `      - ${text(glob)}\n`).join('')}    reason: ${text(reason)}
`,
  );
  return `# Proposed by name and place. Check them: what is listed here counts as built by others.
dependencies:\n${entries.join('')}`;
}

function claimLines({ yours }: Fit): string {
  if (yours.length === 0) return '';
  const entries = yours.map(
    ({ package: [name = ''], reason }) =>
      `  - package: ${text(name)}\n    reason: ${text(reason)}\n`,
  );
  return `# Proposed, since no distribution made them. Take out what you do not build.
yours:\n${entries.join('')}`;
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
