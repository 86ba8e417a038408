import type { ConfigNode, Position } from '../config-node.ts';
import { entriesOf, itemsOf, memberOf, membersOf, textOf } from './in-node.ts';
import { type Remark, warning } from './remark.ts';
import { twins } from './waiver-remarks.ts';

/** Levels, overrides, lists and the gate. */
export function* levelRemarks(node: ConfigNode): Generator<Remark> {
  yield* silent(memberOf(node, 'rules'));
  const overrides = entriesOf(node, 'overrides');
  yield* twins(overrides, 'override', new Set(['rules']));
  for (const override of overrides) {
    const rules = memberOf(override, 'rules');
    yield* silent(rules);
    if (rules !== null && membersOf(rules).length === 0)
      yield warning(rules.at, 'no-effect', 'this override sets no level');
    if (membersOf(override).every(({ key }) => key === 'rules'))
      yield warning(
        override.at,
        'no-selector',
        'this override is for every file: name a path, package, layer, whose or kind, or write its levels under rules',
      );
  }
  for (const image of entriesOf(node, 'images')) {
    yield* silent(memberOf(image, 'rules'));
    yield* gateRemarks(memberOf(image, 'gate'));
    if (membersOf(image).every(({ key }) => key === 'image'))
      yield warning(image.at, 'no-effect', 'this entry sets nothing for its images');
  }
  for (const name of ['dependencies', 'yours'])
    yield* twins(entriesOf(node, name), 'entry', new Set(['reason', 'name', 'version']));
  for (const group of ['allow', 'deny'])
    for (const { value } of membersOf(memberOf(node, group)))
      yield* twins(itemsOf(value), 'entry', new Set(['reason']));
  for (const name of ['exclude', 'accept', 'locked'])
    yield* repeated(itemsOf(memberOf(node, name)));
  yield* gateRemarks(memberOf(node, 'gate'));
}

/** An auditor reads why a rule is off. */
function* silent(rules: ConfigNode | null): Generator<Remark> {
  for (const { key, value } of membersOf(rules)) {
    const isOff = textOf(value) === 'off' || textOf(memberOf(value, 'level')) === 'off';
    if (isOff && memberOf(value, 'reason') === null)
      yield warning(
        value.at,
        'no-reason',
        `${key} is off without a reason: write {level: off, reason: ...}`,
      );
  }
}

function* repeated(items: readonly ConfigNode[]): Generator<Remark> {
  const seen = new Map<string, Position>();
  for (const item of items) {
    const text = textOf(item);
    if (text === null) continue;
    const first = seen.get(text);
    if (first === undefined) seen.set(text, item.at);
    else yield warning(item.at, 'duplicate', `${JSON.stringify(text)} is in the list twice`);
  }
}

function* gateRemarks(gate: ConfigNode | null): Generator<Remark> {
  for (const { key, value } of membersOf(memberOf(gate, 'coverage'))) {
    const share = value.kind === 'scalar' && typeof value.value === 'number' ? value.value : null;
    if (share === 0)
      yield warning(
        value.at,
        'no-effect',
        `a coverage of 0 % always holds: ${key} has no condition`,
      );
    else if (share !== null && share > 0 && share <= 1)
      yield warning(
        value.at,
        'no-effect',
        `a coverage of ${share} is ${share} %, which one binary of a hundred meets: for a share write ${Math.round(share * 1e4) / 100}`,
      );
  }
  const failOn = memberOf(gate, 'fail-on');
  const isNone = itemsOf(failOn).every((item) => textOf(item) === 'none');
  const others = ['coverage', 'maximum'].some((name) => membersOf(memberOf(gate, name)).length > 0);
  if (failOn !== null && isNone && !others)
    yield warning(
      failOn.at,
      'no-effect',
      'no finding breaks this gate: fail-on is none, and it has no coverage and no maximum',
    );
}
