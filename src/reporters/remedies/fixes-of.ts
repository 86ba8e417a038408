import type { Rule } from '../../judge/rule.ts';
import { isFinding } from '../../report/finding.ts';
import type { Finding } from '../findings/findings-of.ts';
import { ownershipOf } from '../groups/ownership-of.ts';
import { byComponent, type Languages } from './by-component.ts';
import { claimOf, disclaimerOf } from './claims.ts';
import { forC, forGo, forGoAnywhere, forRust, forZig } from './compilers.ts';
import { factAt, languagesOf } from './fact-at.ts';
import { advice, type Fix, fixText, type Located } from './fix.ts';
import { followedRemedy } from './followed.ts';
import { onlyForPrograms } from './for-programs.ts';
import { forCmake, forMeson } from './generators.ts';
import { isOfBuild, protections, protectionsFor } from './needs.ts';
import { remedyOf } from './remedy.ts';
import { builtFor, lacksLoader } from './started.ts';
import {
  forAbuild,
  forBuildroot,
  forDebian,
  forGentoo,
  forNix,
  forOpenWrt,
  forRpm,
  forYocto,
  type SystemFix,
} from './systems.ts';
import {
  buildersOfPackages,
  compilerOf,
  isByHand,
  type ToolchainName,
  toolchainOf,
} from './toolchain.ts';

/** What is known in addition to the findings. */
export interface RemedyOptions {
  readonly rules: readonly Rule[];
  /** What the reader builds with; null: what the file and its surroundings show. */
  readonly toolchain: ToolchainName | null;
}

/**
 * Fixes for these findings of one file, in the terms of its build: first one command or setting with everything that a
 * build can do, then other steps.
 */
export function fixesOf(
  findings: readonly [Finding, ...Finding[]],
  options: RemedyOptions,
  languages: Languages = [languagesOf(findings[0])],
): readonly Fix[] {
  const [first] = findings;
  const rules = findings.map(({ verdict }) => verdict.rule);
  const { whose } = ownershipOf(first.judged);
  // Flags of a distribution are its own: who takes its packages updates them, or lives with them.
  if (whose === 'distribution' && findings.every(({ verdict }) => isOfBuild(verdict.rule)))
    return [advice('update the package or the base image, or accept it: hullcheck waive')];
  if (whose !== 'yours') {
    const wanted = protectionsFor(findings.filter(({ verdict }) => isOfBuild(verdict.rule)));
    const fix = byComponent(rules, wanted, first, languages);
    if (fix !== null)
      return withClaim(
        [...withLimits(fix, first), ...whereItIsBuilt(findings, first, options.toolchain)],
        first,
      );
  }
  const followed = new Map(
    findings.flatMap((finding) => {
      const text = followedRemedy(finding);
      return text === null ? [] : [[finding.verdict.rule, text] as const];
    }),
  );
  const file = builtFor(first);
  const name = options.toolchain ?? toolchainOf(file);
  const isForAnywhere =
    name === 'go' &&
    (lacksLoader(file) || rules.some((rule) => rule !== 'entrypoint-starts' && ofLoader.has(rule)));
  const open = findings.filter(
    ({ verdict: { rule } }) => !followed.has(rule) && !(isForAnywhere && ofLoader.has(rule)),
  );
  const built = open.filter(({ verdict }) => isOfBuild(verdict.rule));
  const build = isForAnywhere ? forGoAnywhere : builders[name];
  const fix =
    built.length === 0 && !isForAnywhere
      ? null
      : build(protectionsFor([...built, ...besides(file)]), file);
  const byWords = fix === null ? open : open.filter((each) => !built.includes(each));
  const disclaimer = whose === 'yours' ? disclaimerOf(first) : null;
  return [
    ...(fix === null ? [] : withLimits(fix, file)),
    ...(disclaimer === null ? [] : [disclaimer]),
    ...(fix !== null && fixText(fix).includes('LDFLAGS="-static-pie')
      ? [advice('-static-pie takes the place of -static: take -static out of the build')]
      : []),
    ...(fix !== null && /GOFLAGS=.*-ldflags=/.test(fixText(fix))
      ? [
          advice(
            'a -ldflags of go build takes the place of the one in GOFLAGS: add its words there',
          ),
        ]
      : []),
    ...[...followed.values()].map(advice),
    ...[...new Set(byWords.map((each) => inWords({ ...each, ...file }, options)))].flatMap(
      (text) => (text === null ? [] : [advice(text)]),
    ),
  ];
}

/** What a build of this file does for one rule, whether the rule fails or not; null where no command is known for it. */
export function fixOfRule(rule: string, file: Located): Fix | null {
  const wanted = new Set(protections.filter((each) => each === rule));
  if (wanted.size === 0) return null;
  const { whose } = ownershipOf(file.judged);
  if (whose === 'distribution')
    return advice('update the package or the base image, or accept it: hullcheck waive');
  const built = builders[toolchainOf(file)];
  const byOthers =
    whose === 'dependency' ? byComponent([rule], wanted, file, [languagesOf(file)]) : null;
  return byOthers ?? built(wanted, file);
}

/** A program of Go that its loader fails is linked without one. */
const ofLoader: ReadonlySet<string> = new Set(['musl-linkage', 'loadable', 'entrypoint-starts']);

const builders: Readonly<Record<ToolchainName, SystemFix>> = {
  gcc: forC,
  clang: forC,
  rustc: forRust,
  cargo: forRust,
  go: forGo,
  zig: forZig,
  cmake: forCmake,
  meson: forMeson,
  debian: forDebian,
  rpm: forRpm,
  abuild: forAbuild,
  buildroot: forBuildroot,
  yocto: forYocto,
  openwrt: forOpenWrt,
  nix: forNix,
  gentoo: forGentoo,
};

function withLimits(fix: Fix, file: Located): readonly Fix[] {
  const limit = onlyForPrograms(fix, file);
  return limit === null ? [fix] : [fix, limit];
}

function withClaim(fixes: readonly Fix[], first: Finding): readonly Fix[] {
  const claim = claimOf(first);
  return claim === null ? fixes : [...fixes, claim];
}

/** A package that the distribution did not make may be the reader's own: then its source says how it is built. */
function whereItIsBuilt(
  findings: readonly Finding[],
  first: Finding,
  toolchain: ToolchainName | null,
): readonly Fix[] {
  const { component } = ownershipOf(first.judged);
  const bySystem = buildersOfPackages.get(component?.ecosystem ?? '');
  if (bySystem === undefined) return [];
  const system = toolchain ?? (isByHand(first, bySystem) ? compilerOf(first) : bySystem);
  const built = findings.filter(({ verdict }) => isOfBuild(verdict.rule));
  const fix = built.length === 0 ? null : builders[system](protectionsFor(built), first);
  return fix === null ? [] : withLimits(fix, first);
}

const cLanguages: ReadonlySet<string> = new Set(['c', 'c++', 'objective-c', 'fortran']);

/**
 * What the same build may add as well: findings of low severity, and what is unknown for this file and would be a
 * finding in the next one. musl has no functions that check.
 */
function besides({ target, judged }: Located): readonly Finding[] {
  const isMusl = factAt({ target, judged }, 'libc.name') === 'musl';
  // What C there may be came built with Rust (its libunwind, the C library): no flag of a crate reaches it.
  const languages = languagesOf({ target, judged });
  const isOnlyRust = languages.includes('rust') && !languages.some((each) => cLanguages.has(each));
  return judged.verdicts.flatMap((verdict) => {
    const isLow = isFinding(verdict) && verdict.severity === 'low';
    const isOpen =
      verdict.outcome === 'unknown' &&
      !isOnlyRust &&
      (verdict.rule === 'stack-protector' || (verdict.rule === 'fortify-source' && !isMusl));
    return isLow || isOpen ? [{ target, judged, verdict }] : [];
  });
}

/** The rule's own remedy, of which no command can be made. */
function inWords(finding: Finding, { rules }: RemedyOptions): string | null {
  return remedyOf(finding, rules)?.text ?? null;
}
