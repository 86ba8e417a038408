import { type LimitOption, limitSettings } from '../../base/limits.ts';
import { severities } from '../../base/verdict.ts';
import { described, type JsonSchema } from '../../shapes/shape.ts';
import { wordNames } from '../words/words.ts';
import { baselineShape, withBaseline } from './baseline-shape.ts';
import type {
  Config,
  DependencyConfig,
  GateConfig,
  ImageConfig,
  LimitsConfig,
  Override,
  OwnConfig,
  RuleSetting,
  ValueOf,
} from './config.ts';
import { problemOfExtended } from './extended-name.ts';
import { lockableSettings, lockableText } from './lockable.ts';
import { refuse } from './mistakes.ts';
import {
  checked,
  choice,
  entriesOf,
  listOf,
  mapOf,
  mapOr,
  numberFrom,
  object,
  placed,
  type Shape,
  text,
  truth,
  truthOr,
} from './node-shapes.ts';
import { allowShape, denyShape } from './own-lists-shape.ts';
import { acceptedPluginsShape, pluginsShape } from './plugin-shape.ts';
import { requiredSystemShape } from './required-system-shape.ts';
import { type RuleNames, ruleChoice } from './rule-names.ts';
import { digest, glob, place } from './selector-shapes.ts';
import { type WrittenConfig, waiversShape, withWaivers } from './waiver-shape.ts';

const size = text('a size such as 512M', { pattern: sizePattern() }, (value) =>
  new RegExp(sizePattern(), 'i').test(value) ? null : 'is not a size such as 4096, 512M or 2G',
);
/** The whole of hullcheck.yaml, for these rules and profiles. `meet`: as in RuleNames. */
export function configShape(
  ids: readonly string[],
  profiles: readonly string[],
  meet?: RuleNames['meet'],
): Shape<Config> {
  const rules: RuleNames = { ids, meet };
  const rule = ruleChoice('a rule', rules);
  const levels = described('By rule: its level, and why.', mapOf(rule, ruleSetting));
  const written = object<WrittenConfig>({
    $schema: described('For editors.', text('the address of the schema', {})),
    profile: described('Profile to judge by.', choice('a profile', profiles)),
    rules: levels,
    overrides: described(
      'Other levels for some binaries; the last one that matches wins.',
      entriesOf(object<Override>({ ...place, rules: levels }, ['rules']), 'a list of overrides'),
    ),
    exclude: described('Globs of paths that are not scanned.', listOf(glob)),
    gate: described('When the exit code is 1. All conditions must hold.', gateShape(rules)),
    images: described(
      'Other settings for images by name; of several that match, the last one that has a setting wins.',
      entriesOf(placed(imageShape(rules, profiles)), 'a list of images'),
    ),
    'runs-on': described(
      'A system that files have to run on; the rule runs-on judges by it.',
      requiredSystemShape,
    ),
    allow: described(
      'What files may need and export; the rule own-lists judges by it.',
      allowShape,
    ),
    deny: described('What files must not import; the rule own-lists judges by it.', denyShape),
    limits: described('Limits of what is read; hullcheck help limits explains them.', limits),
    waivers: waiversShape(rules),
    dependencies: described(
      'Files that others built and no list of a package manager has, such as a runtime.',
      entriesOf(placed(dependency), 'a list of dependencies'),
    ),
    yours: described(
      'What you build, whatever installs it: the gate counts all its findings.',
      entriesOf(placed(ownClaim), 'a list of what is yours'),
    ),
    baseline: baselineShape,
    extends: described(
      'Configurations that this one is based on, weakest first: a file, a package of npm or an address, with @sha256:DIGEST.',
      listOf(
        placed(text('a file, a package or an address', { maxLength: 2048 }, problemOfExtended)),
      ),
    ),
    plugins: pluginsShape,
    'accept-plugins': acceptedPluginsShape,
    root: described('Files of folders above count only if they lock settings.', truth),
    accept: described(
      'What an image says of itself that may loosen the policy (default: all; the package database and os-release where gate.of or profile is locked).',
      listOf(
        choice(
          'a word of an image',
          wordNames,
          `${wordNames.join(', ')}; for none of them write []`,
        ),
      ),
    ),
    locked: described(
      'Settings that nearer files, variables and options can only tighten; all: every setting.',
      listOf(
        placed(
          ruleChoice('a setting that can be locked', rules, {
            words: lockableSettings([]),
            lead: 'rules.',
            allowed: lockableText,
          }),
        ),
      ),
    ),
  });
  return withBaseline(withWaivers(written));
}

const level = choice('a level', [...severities, 'off']);
const ruleSetting: Shape<RuleSetting> = mapOr(
  object<Extract<RuleSetting, object>>(
    {
      level: described('Severity of a finding, or off.', level),
      reason: described('Why; shown in reports.', text('a sentence', {})),
    },
    ['level'],
  ),
  level,
);

function gateShape(rules: RuleNames): Shape<GateConfig> {
  return object<GateConfig>({
    of: described(
      'Whose files count: yours (and, in dependencies, findings that keep a program from starting or let others in), dependencies (and yours), or all.',
      choice('yours, dependencies or all', ['yours', 'dependencies', 'all']),
    ),
    'fail-on': described(
      'Lowest severity that breaks the gate, or none; and rules of which any finding does.',
      failOn(rules),
    ),
    'fail-on-unknown': described('Whether an unknown verdict breaks the gate.', truth),
    'worse-than': described(
      'Compared with another release: lowest severity of a verdict that got worse and breaks the gate, or none.',
      choice('a severity or none', [...severities, 'none']),
    ),
    coverage: described(
      'By rule: minimum percentage that passes, of the binaries that it applies to.',
      mapOf(ruleChoice('a rule', rules), numberFrom(0, 100, false)),
    ),
    'coverage-of': described(
      'Whether binaries of the base image count for coverage.',
      choice('all or own', ['all', 'own']),
    ),
    maximum: described(
      'By severity or rule: maximum number of findings.',
      mapOf(
        ruleChoice('a severity or a rule', rules, { words: severities }),
        numberFrom(0, 1_000_000_000, true),
      ),
    ),
    required: described(
      'Rules that must apply to something in each image; true: those that a condition names.',
      truthOr(listOf(ruleChoice('a rule', rules))),
    ),
    'allow-empty': described('The gate holds when there is nothing to scan.', truth),
    platforms: described(
      'all: the gate is undecided while a platform of an image was not judged (--platform all).',
      choice('all or chosen', ['all', 'chosen']),
    ),
    'strict-policy': described(
      'Whether waivers past their end or beyond limits are errors, and entries of the policy that do nothing break the gate.',
      truth,
    ),
  });
}

function imageShape(rules: RuleNames, profiles: readonly string[]): Shape<ImageConfig> {
  return object<ImageConfig>(
    {
      image: described(
        'Globs of names: `alpine`, `ghcr.io/acme/*`, `**/app`, with a tag or digest or without.',
        listOf(glob),
      ),
      profile: described('Profile to judge them by.', choice('a profile', profiles)),
      rules: described(
        'By rule: its level, and why.',
        mapOf(ruleChoice('a rule', rules), ruleSetting),
      ),
      gate: described('Conditions of the gate for them.', gateShape(rules)),
      'runs-on': described('A system that their files have to run on.', requiredSystemShape),
    },
    ['image'],
  );
}

/** Two severities in one list would leave a reader to guess which of them counts. */
function failOn(rules: RuleNames): Shape<readonly string[]> {
  const least = [...severities, 'none'];
  const one = ruleChoice('a severity, none or a rule', rules, { words: least });
  const single = { contains: { enum: least }, minContains: 0, maxContains: 1 };
  return {
    schema: { anyOf: [one.schema, { type: 'array', items: one.schema, ...single }] },
    read(node) {
      const named = listOf(one).read(node);
      const found = named.filter((name) => least.includes(name));
      if (found.length > 1)
        return refuse(
          node.at,
          `${found.join(' and ')} are ${found.length} severities, expected one`,
        );
      return named;
    },
  };
}

/** One for each limit: a registry's values by name, which Object.fromEntries loses. */
const limitShapes = Object.fromEntries(
  Object.entries(limitSettings).map(([option, { form, describe, ...more }]) => [
    option,
    form === 'size'
      ? described(`${describe}.`, size)
      : described(`${describe}.`, numberFrom('least' in more ? more.least : 1, 1e12, true)),
  ]),
) as unknown as { [Option in LimitOption]: Shape<ValueOf<Option>> };

const limits = object<LimitsConfig>({
  ...limitShapes,
  jobs: described('Number of layers and files processed in parallel.', numberFrom(1, 1024, true)),
});

const dependency = checked(
  object<DependencyConfig>(
    {
      name: described('Name in reports.', text('a name', { maxLength: 256 })),
      version: described('Version in reports.', text('a version', { maxLength: 256 })),
      package: described('Globs of names of packages that others built.', listOf(glob)),
      path: place.path,
      digest: described('sha256 of its files.', listOf(digest)),
      reason: described('Why it is not yours; shown in reports.', text('a sentence', {})),
    },
    ['name', 'reason'],
  ),
  ({ name, path, digest, package: packages }) =>
    path === undefined && digest === undefined && packages === undefined
      ? `the dependency ${name} needs a path, a digest or a package`
      : null,
  anyOfMembers(['path', 'digest', 'package']),
);

const ownClaim: Shape<OwnConfig> = mapOr(
  checked(
    object<Extract<OwnConfig, object>>({
      package: described('Globs of names of packages, wheels or modules.', listOf(glob)),
      maintainer: described(
        'Globs of the maintainer or packager of a package, or the vendor of an rpm: `*@acme.example`.',
        listOf(glob),
      ),
      purl: described(
        'Globs of package URLs, with or without a version: `pkg:npm/@acme/*`.',
        listOf(glob),
      ),
      path: place.path,
      digest: described('sha256 of the binary.', listOf(digest)),
      reason: described('Why it is yours; shown in reports.', text('a sentence', {})),
    }),
    ({ reason, ...named }) =>
      Object.keys(named).length === 0
        ? 'this needs a package, maintainer, purl, path or digest'
        : null,
    anyOfMembers(['package', 'maintainer', 'purl', 'path', 'digest']),
  ),
  glob,
);

function anyOfMembers(names: readonly string[]): JsonSchema {
  return { anyOf: names.map((name) => ({ required: [name] })) };
}

function sizePattern(): string {
  return '^\\d{1,15}(\\.\\d{1,3})?[KMGTkmgt]?([iI]?[bB])?$';
}
