import { availableParallelism } from 'node:os';
import { amount } from '../../base/amount.ts';
import { dayAfter } from '../../base/day.ts';
import { escapeText } from '../../base/escape.ts';
import { shellQuote } from '../../base/shell-quote.ts';
import { applyPolicy } from '../../policy/apply-policy.ts';
import type { Config } from '../../policy/config/config.ts';
import { defaultProfile, gateOfProfile, profileOf } from '../../policy/config/effective.ts';
import {
  isAllStatic,
  mutePackages,
  proposedClaims,
  proposedDependencies,
  proposedWaivers,
} from '../../policy/config/fitting.ts';
import { type Fit, initialConfig } from '../../policy/config/initial-config.ts';
import { policyOf } from '../../policy/config/policy-of.ts';
import { plainPolicy } from '../../policy/policy.ts';
import type { Profile } from '../../policy/profile.ts';
import { judgedOf } from '../../report/all-judged.ts';
import { breaksGate } from '../../report/finding.ts';
import { gateOfTarget } from '../../report/gates.ts';
import type { Report } from '../../report/report.ts';
import type { Surroundings } from '../command.ts';
import { type RemoteArguments, readRemoteOptions } from '../options/remote-arguments.ts';

interface Fitted {
  readonly config: string;
  /** Lines. */
  readonly summary: readonly string[];
}

/** Days until a proposed waiver expires. */
const waived = 90;

/** Number of files that the comment lists. */
const mostNamed = 10;

/** Throws UsageError. */
export async function fittedConfig(
  image: string,
  named: Profile | null,
  args: RemoteArguments & { readonly platform: string | undefined },
  surroundings: Surroundings,
): Promise<Fitted> {
  const report = await scanned(image, args, surroundings);
  const dependencies = proposedDependencies(report);
  const yours = proposedClaims(report);
  const declared: Config = {
    yours: yours.map((value) => ({ at: { name: 'init' }, value })),
    dependencies: dependencies
      .filter(({ isVouched }) => isVouched)
      .map(({ isVouched, ...value }) => ({ at: { name: 'init' }, value })),
  };
  const profile = named ?? fittingProfile(report, declared, surroundings.today);
  const judge = (config: Config) => judged(report, config, profile, surroundings.today);
  const waivers = proposedWaivers(judge(declared));
  const expires = dayAfter(surroundings.today, waived);
  const found = judge({
    ...declared,
    waivers: waivers.map(({ package: name, ...waiver }) => ({
      at: { name: 'init' },
      value: { ...waiver, package: [name], whose: ['dependency'], expires },
    })),
  });
  const mute = mutePackages(found).map(escapeText);
  const fit: Fit = { about: about(image, found), dependencies, yours, mute, waivers, expires };
  return {
    config: initialConfig(profile, fit),
    summary: summaryOf(image, found, { profile, fit }),
  };
}

/** A stricter profile is proposed when the image already meets it. */
function fittingProfile(report: Report, config: Config, today: string): Profile {
  const strict = profileOf('static');
  const fits = isAllStatic(report) && judged(report, config, strict, today).gate.state === 'holds';
  return fits ? strict : profileOf(defaultProfile);
}

/** Judged by the rules only; each policy is then applied to this report. */
async function scanned(
  image: string,
  args: RemoteArguments & { readonly platform: string | undefined },
  surroundings: Surroundings,
): Promise<Report> {
  const { rules } = await import('../../../rules/index.ts');
  const { scan } = await import('../../scan/scan.ts');
  const { plainInput } = await import('../../scan/scan-options.ts');
  return scan([image], {
    input: { ...plainInput, platform: args.platform ?? null },
    judging: { rules, policy: plainPolicy() },
    running: { jobs: availableParallelism(), remote: readRemoteOptions(args, surroundings) },
  });
}

function judged(report: Report, config: Config, profile: Profile, today: string): Report {
  const policy = policyOf({ ...config, gate: gateOfProfile(profile) }, profile, {
    today,
    baseline: null,
  });
  return { ...report, ...applyPolicy(report.targets, policy) };
}

/** Comment at the top of the file: what breaks the gate today. */
function about(image: string, report: Report): readonly string[] {
  const { gate, targets } = report;
  const breaking = targets.flatMap((target) =>
    judgedOf(target).flatMap(({ path, verdicts }) => {
      const rules = verdicts
        .filter((each) => breaksGate(gateOfTarget(target, report), each))
        .map(({ rule }) => rule);
      return rules.length === 0 ? [] : [`  ${path}: ${rules.join(', ')}`];
    }),
  );
  const more = breaking.length - mostNamed;
  return [
    `Written for ${image}. With it the gate ${answers[gate.state]}: ${gate.because}`,
    ...breaking.slice(0, mostNamed),
    ...(more > 0 ? [`  and ${amount(more, 'more file')}`] : []),
  ].map(escapeText);
}

const answers = { holds: 'holds', broken: 'is broken', undecided: 'is undecided' } as const;

function summaryOf(
  image: string,
  { gate }: Report,
  { profile, fit }: { readonly profile: Profile; readonly fit: Fit },
): readonly string[] {
  const { dependencies, yours, waivers } = fit;
  const parts = [
    `profile ${profile.name}`,
    'a gate for your files',
    ...(dependencies.length === 0
      ? []
      : [
          `${amount(dependencies.length, 'dependency')} proposed (${dependencies.map(({ name }) => name).join(', ')})`,
        ]),
    ...(yours.length === 0
      ? []
      : [
          `${amount(yours.length, 'package')} proposed as yours (${yours.map((each) => each.package.join()).join(', ')})`,
        ]),
    ...(waivers.length === 0 ? [] : [`${amount(waivers.length, 'waiver')} for ${waived} days`]),
  ];
  return [
    `It has ${parts.join(', ')}.`,
    `With it the gate ${answers[gate.state]}: ${gate.because}.`,
    `hullcheck ${shellQuote(image)} --explain-gate shows why.`,
  ].map(escapeText);
}
