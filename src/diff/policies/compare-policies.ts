import { UsageError } from '../../base/errors.ts';
import type { ChangedSetting } from '../../policy/config/changed-settings.ts';
import { judgedOf } from '../../report/all-judged.ts';
import { breaksGate } from '../../report/finding.ts';
import { gatedImages, gateOfTarget, gateStates } from '../../report/gates.ts';
import type { Gate, Report, TargetReport } from '../../report/report.ts';
import { changeOf } from './change-of.ts';
import {
  type ChangeKind,
  changeKinds,
  type ImageChange,
  type PolicyDifference,
  type PolicySide,
  type RuleChange,
  type TotalChange,
  type Turn,
} from './policy-difference.ts';

/** The same targets judged by two policies. Pure. */
export function comparePolicies(
  before: Report,
  after: Report,
  settings: readonly ChangedSetting[],
): Omit<PolicyDifference, 'leftOut'> {
  if (before.targets.length !== after.targets.length)
    throw new UsageError('the two reports are not of the same images');
  const places = new Map(after.targets.map((target, at) => [target, at]));
  const images = gatedImages(after).map(({ name, targets, gate }): ImageChange => {
    const pairs = targets.flatMap((target) => {
      const old = before.targets[places.get(target) ?? -1];
      return old === undefined ? [] : [{ old, fresh: target }];
    });
    const was = worstGate(pairs.map(({ old }) => gateOfTarget(old, before))) ?? gate;
    return {
      name,
      before: { state: was.state, because: was.because },
      after: { state: gate.state, because: gate.because },
      turns: turnOf(was.state, gate.state),
      conditions: conditionsOf(was, gate),
      changes: sumChanges(
        pairs.flatMap(({ old, fresh }) =>
          changesOf(old, fresh, [gateOfTarget(old, before), gateOfTarget(fresh, after)]),
        ),
      ),
    };
  });
  return {
    old: sideOf(before),
    new: sideOf(after),
    settings,
    images,
    totals: totalsOf(images),
  };
}

/** Where lists stand does not distinguish policies. */
function sideOf({ policy }: Report): PolicySide {
  const { profile, files, notices, messages = [] } = policy;
  const ofPlaces = messages.filter(({ kind }) => kind === 'lists-moved');
  const warnings = policy.warnings.filter(
    (sentence) => !ofPlaces.some(({ message }) => message === sentence),
  );
  return { profile, files, warnings, notices };
}

function worstGate(gates: readonly Gate[]): Gate | undefined {
  return gates.toSorted((a, b) => gateStates.indexOf(a.state) - gateStates.indexOf(b.state))[0];
}

function turnOf(was: Gate['state'], is: Gate['state']): Turn | null {
  if (was === is) return null;
  if (is === 'holds') return 'holds';
  if (was !== 'holds') return 'other';
  return is === 'broken' ? 'breaks' : 'becomes undecided';
}

/** Conditions that count single verdicts are shown by these. */
function conditionsOf(was: Gate, is: Gate): ImageChange['conditions'] {
  const totals = ({ failed }: Gate) => failed.filter(({ of }) => of === 'totals');
  const only = (here: Gate, there: Gate) =>
    totals(here)
      .filter(({ because }) => !totals(there).some((each) => each.because === because))
      .map(({ because }) => because);
  return { broken: only(is, was), repaired: only(was, is) };
}

interface VerdictChange {
  readonly kind: ChangeKind;
  readonly rule: string;
  readonly path: string;
  readonly breaks: boolean;
  readonly released: boolean;
}

function changesOf(
  old: TargetReport,
  fresh: TargetReport,
  [was, is]: readonly [Gate, Gate],
): readonly VerdictChange[] {
  const now = new Map(judgedOf(fresh).map((judged) => [keyOf(judged), judged]));
  return judgedOf(old).flatMap((judged) => {
    const after = now.get(keyOf(judged));
    return judged.verdicts.flatMap((verdict, at) => {
      const other = after?.verdicts[at];
      const [broke, breaks] = [
        breaksGate(was, verdict),
        other !== undefined && breaksGate(is, other),
      ];
      const kind = changeOf(verdict, other, { broke, breaks });
      if (kind === null) return [];
      const { path } = judged;
      return [
        { kind, rule: verdict.rule, path, breaks: breaks && !broke, released: broke && !breaks },
      ];
    });
  });
}

/** The image as a whole is called by what it starts, which may be one of its binaries. */
function keyOf({ path, sha256 }: { readonly path: string; readonly sha256: string | null }) {
  return `${sha256 === null ? 'image' : 'file'} ${path}`;
}

/** Names that a line has. */
const mostFiles = 3;

function sumChanges(changes: readonly VerdictChange[]): readonly RuleChange[] {
  const groups = new Map<string, VerdictChange[]>();
  for (const change of changes) {
    const key = `${change.kind}\0${change.rule}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [change]);
    else group.push(change);
  }
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      const { kind, rule } = first;
      const breaking = group.filter(({ breaks }) => breaks);
      const sorted = [...breaking, ...group.filter(({ breaks }) => !breaks)];
      return [
        {
          kind,
          rule,
          verdicts: group.length,
          breaking: breaking.length,
          released: group.filter(({ released }) => released).length,
          files: sorted.slice(0, mostFiles).map(({ path }) => path),
        },
      ];
    })
    .toSorted(byKind);
}

function byKind(a: Omit<RuleChange, 'files'>, b: Omit<RuleChange, 'files'>): number {
  const kinds = changeKinds.indexOf(a.kind) - changeKinds.indexOf(b.kind);
  return kinds || b.breaking - a.breaking || b.verdicts - a.verdicts || (a.rule < b.rule ? -1 : 1);
}

function totalsOf(images: readonly ImageChange[]): PolicyDifference['totals'] {
  const count = (turn: Turn) => images.filter(({ turns }) => turns === turn).length;
  const sums = new Map<string, TotalChange>();
  for (const { files: _, ...change } of images.flatMap(({ changes }) => changes)) {
    const key = `${change.kind}\0${change.rule}`;
    const sum = sums.get(key);
    sums.set(key, {
      ...change,
      verdicts: change.verdicts + (sum?.verdicts ?? 0),
      breaking: change.breaking + (sum?.breaking ?? 0),
      released: change.released + (sum?.released ?? 0),
      images: 1 + (sum?.images ?? 0),
    });
  }
  return {
    images: images.length,
    breaks: count('breaks'),
    undecided: count('becomes undecided'),
    holds: count('holds'),
    changes: [...sums.values()].toSorted(byKind),
  };
}
