import { globOfPath } from '../../base/glob.ts';
import { baseName } from '../../base/path-parts.ts';
import { shellQuote } from '../../base/shell-quote.ts';
import { isReference } from '../../report/is-reference.ts';
import type { Report, TargetReport } from '../../report/report.ts';
import type { Finding } from '../findings/findings-of.ts';
import { ownershipOf } from '../groups/ownership-of.ts';

/** Days of a waiver where the policy allows as many. */
const usualDays = 90;

/**
 * A line for a shell that waives a finding, with all that the limits of the policy require: what they would refuse is not proposed. null: they
 * require what the file does not have.
 */
export function waiveCommand(finding: Finding, { policy }: Report): string | null {
  const settings = policy.settings ?? [];
  const valuesOf = (name: string) =>
    settings.filter((each) => each.name === `waivers.${name}`).map(({ value }) => valueIn(value));
  const places = placesOf(finding, new Set(valuesOf('select').flat().map(String)));
  if (places === null) return null;
  const most = valuesOf('at-most').map((value) => Number.parseInt(String(value), 10));
  const days = Math.min(usualDays, ...most.filter((each) => !Number.isNaN(each)));
  const people = ['owner', 'ticket', 'approved-by']
    .filter((name) => valuesOf(name).length > 0)
    .map((name) => `--${name} '...'`);
  const { rule, cause } = finding.verdict;
  return [
    `hullcheck waive ${rule}`,
    ...places,
    ...(cause === undefined ? [] : [`--cause ${shellQuote(cause)}`]),
    `--reason '...' --expires ${days}d`,
    ...people,
  ].join(' ');
}

/** What was cut, or edited, is as it is. */
function valueIn(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return value;
  }
}

/** Options that name the file, and whatever else a waiver has to name. A digest stands for a path and a package. */
function placesOf(finding: Finding, select: ReadonlySet<string>): readonly string[] | null {
  const { judged, target } = finding;
  const { whose, component } = ownershipOf(judged);
  const glob = globOfPath(judged.path);
  const byPath = glob === null ? null : `--path ${shellQuote(glob)}`;
  const byDigest = judged.sha256 === null ? null : `--digest ${judged.sha256}`;
  const byPackage = component === null ? null : `--package ${shellQuote(component.name)}`;
  const isOfOthers = whose !== 'yours' && byPackage !== null;
  const usual = (isOfOthers && !select.has('path') ? byPackage : (byPath ?? byDigest)) ?? byDigest;
  const named = new Set([
    ...(select.has('image') ? [imageOption(target)] : []),
    ...(usual === null && select.size === 0 ? [`--path '**'`] : [usual]),
    ...(select.has('package') ? [byPackage ?? byDigest] : []),
    ...(select.has('digest') ? [byDigest] : []),
    ...(select.has('build-id') ? [buildIdOption(finding)] : []),
  ]);
  const options = [...named].filter((each) => each !== null);
  return options.length === named.size ? options : null;
}

function buildIdOption({ judged: { facts } }: Finding): string | null {
  const { buildId } = facts;
  const id = buildId?.known === true ? buildId.value?.id : undefined;
  return typeof id === 'string' ? `--build-id ${shellQuote(id)}` : null;
}

/** Without tag and digest, so that the waiver is for the next release too; of a local input without a name its file. */
function imageOption(target: TargetReport): string | null {
  const { name, kind } = target;
  const bare = name.replace(/@\w+:[0-9a-f]+$/, '');
  const repository = kind === 'image' ? bare.replace(/:[\w][\w.-]{0,127}$/, '') : bare;
  const isWhole = isReference({ ...target, name: bare });
  const glob = globOfPath(isWhole ? repository : baseName(repository));
  return glob === null || glob === '' ? null : `--image ${shellQuote(glob)}`;
}
