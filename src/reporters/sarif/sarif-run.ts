import type { Notification, ReportingDescriptor, Run, VersionControlDetails } from 'sarif';
import { amount } from '../../base/amount.ts';
import { escapeText } from '../../base/escape.ts';
import { isIncomplete, type Problem } from '../../base/problem.ts';
import { createLastingPaths } from '../../identity/lasting-path.ts';
import { gateOfTarget } from '../../report/gates.ts';
import { messageKinds } from '../../report/policy-messages.ts';
import type { PolicyMessage, PolicyReport, Report, TargetReport } from '../../report/report.ts';
import type { AlertNames } from '../alerts/alert-names.ts';
import { fixedNews, levelsInForce, messagesIn } from '../findings/accepted.ts';
import { sentence } from './sarif-rule.ts';

/**
 * Alerts of another category are closed by no upload of this one, so there is a category for each image and platform. A release that lies
 * on a disk has the category of the next one, whose path has another version. Up to its last slash the id is the category.
 */
export function categoryOf(targets: readonly TargetReport[], names: AlertNames): string {
  const [target] = targets;
  const lastingPathOf = createLastingPaths();
  const nameOf = (each: TargetReport) =>
    names.isOnDisk(each) ? lastingPathOf(names.nameOf(each)).key : names.nameOf(each);
  const parts =
    target === undefined || targets.length > 1
      ? ['all', ...folderOf(targets.map(nameOf))]
      : [nameOf(target), ...(target.platform === null ? [] : [target.platform])];
  return `${['hullcheck', ...parts]
    .join('/')
    .replace(/[^\w./-]/g, '-')
    .replace(/\/{2,}/g, '/')}/`;
}

/** The folder that all of them lie in: what lies in another one has another category. */
function folderOf(names: readonly string[]): readonly string[] {
  const [first = [], ...others] = names.map((name) => name.split('/').slice(0, -1));
  const end = first.findIndex((part, at) => others.some((other) => other[at] !== part));
  return end < 0 ? first : first.slice(0, end);
}

/** Every binary that was judged, in the order of the report. */
export function artifactsOf(
  targets: readonly TargetReport[],
  names: AlertNames,
): NonNullable<Run['artifacts']> {
  return targets.flatMap((target) =>
    target.binaries.map((binary) => ({
      location: { uri: names.uriOf(target, binary) },
      length: binary.size,
      hashes: { 'sha-256': binary.sha256 },
      roles: ['analysisTarget' as const],
    })),
  );
}

/** GitHub may refuse a file whose execution was not successful, so notifications report what was not read. */
export function invocationOf(
  targets: readonly TargetReport[],
  leftOut: { readonly cut: number; readonly ofOthers: number },
  policy: PolicyReport,
  notes: readonly string[] = [],
) {
  const problems = targets.flatMap((target) =>
    target.problems.map((problem) => describeProblem(target, problem)),
  );
  const cut =
    leftOut.cut === 0
      ? []
      : [`${leftOut.cut} less severe results were left out: code scanning keeps 5000 of one run`];
  const ofOthers =
    leftOut.ofOthers === 0
      ? []
      : [
          `${amount(leftOut.ofOthers, 'finding')} of dependencies and the distribution, which the gate is not of, were left out: --all has them`,
        ];
  const notifications = (level: Notification['level'], texts: readonly string[]) =>
    texts.map((text): Notification => ({ level, message: { text: sentence(escapeText(text)) } }));
  return {
    executionSuccessful: true,
    toolExecutionNotifications: [
      ...notifications('warning', cut),
      ...problems,
      ...notifications('note', ofOthers),
      ...messagesIn(policy, 'warning').map((each) => ofPolicy('warning', each)),
      ...messagesIn(policy, 'notice').map((each) => ofPolicy('note', each)),
      ...levelsInForce(policy).map((each) => ofPolicy('note', each)),
      ...fixedNews(policy).map((message) => ofPolicy('note', { kind: 'baseline-unused', message })),
      ...notifications('note', notes),
    ],
  };
}

/** The kind stays where the sentence changes. */
function ofPolicy(
  level: Notification['level'],
  { kind, message }: Pick<PolicyMessage, 'kind' | 'message'>,
): Notification {
  return {
    descriptor: { id: `policy/${kind}` },
    level,
    message: { text: sentence(escapeText(message)) },
  };
}

/** What the messages of the policy refer to. Absent: it has none. */
export function notificationsOf(
  policy: PolicyReport,
): { readonly notifications: ReportingDescriptor[] } | Record<string, never> {
  const kinds = new Set([
    ...messagesIn(policy, 'warning').map(({ kind }) => kind),
    ...messagesIn(policy, 'notice').map(({ kind }) => kind),
    ...levelsInForce(policy).map(({ kind }) => kind),
    ...(policy.fixed.length > 0 ? ['baseline-unused'] : []),
  ]);
  if (kinds.size === 0) return {};
  const texts = new Map<string, string>(Object.entries(messageKinds));
  const notifications = [...kinds].toSorted().map((kind) => ({
    id: `policy/${kind}`,
    shortDescription: { text: sentence(texts.get(kind) ?? 'a message of the policy') },
  }));
  return { notifications };
}

function describeProblem(target: TargetReport, problem: Problem): Notification {
  const text = `${target.name}, ${problem.where}: ${problem.message}`;
  return {
    level: isIncomplete(problem) ? 'warning' : 'note',
    message: { text: sentence(escapeText(text)) },
    properties: { kind: problem.kind },
  };
}

export function propertiesOf(
  report: Report,
  targets: readonly TargetReport[],
): NonNullable<Run['properties']> {
  const images = targets.map(({ name, scheme, digest, platform, otherPlatforms, os, ...own }) => ({
    name,
    scheme,
    digest,
    platform,
    ...(otherPlatforms === undefined ? {} : { otherPlatforms }),
    os: os?.prettyName ?? null,
    ...(own.policy === undefined ? {} : { policy: own.policy }),
    ...(own.gate === undefined || targets.length < 2 ? {} : { gate: own.gate }),
  }));
  const { profile, files } = report.policy;
  const [first] = targets;
  const isOne = targets.length === 1 && first !== undefined;
  const { state, because } = report.gate;
  return {
    images,
    gate: isOne ? gateOfTarget(first, report) : report.gate,
    // The exit code is of all images.
    ...(report.targets.length > targets.length ? { gateOverAll: { state, because } } : {}),
    policy: { profile, files },
    counts: report.counts,
  };
}

/** From the image's labels, where they name a public address. */
export function provenanceOf(targets: readonly TargetReport[]): VersionControlDetails[] {
  return targets.flatMap(({ config }) => {
    const source = webAddress(config?.labels['org.opencontainers.image.source']);
    if (source === null) return [];
    const revision = config?.labels['org.opencontainers.image.revision'];
    return [
      {
        repositoryUri: source,
        ...(revision === undefined ? {} : { revisionId: escapeText(revision) }),
      },
    ];
  });
}

/** Labels are anybody's text: no other scheme, and no credentials. */
function webAddress(text: string | undefined): string | null {
  if (text === undefined || !URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null;
  url.username = '';
  url.password = '';
  return url.href;
}
