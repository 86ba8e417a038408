import { severities } from '../../base/verdict.ts';
import { coverageText, maximumText } from '../conditions.ts';
import { policyWith } from '../image-policies.ts';
import type { LevelChange, Policy } from '../policy.ts';
import type { GateConfig } from './config.ts';
import { positionFrom } from './config-node.ts';
import { entriesOf, layersFor } from './images.ts';
import type { ConfigLayer } from './layers.ts';
import { PlacedMistakes } from './mistakes.ts';

/** A condition that names a rule: nobody has one who has not written it. */
interface RuleCondition {
  readonly rule: string;
  /** As in a configuration: `gate.coverage.relro`. */
  readonly setting: string;
  readonly text: string;
  readonly isSetBy: (gate: GateConfig) => boolean;
  /** What takes it out of one run; null: only the one who wrote it can. */
  readonly without: string | null;
}

/**
 * A condition of a rule that is off, or that the run leaves out, would hold without being asked. Throws UsageError that
 * names both places.
 */
export function refuseUnasked(
  policy: Policy,
  layers: readonly ConfigLayer[],
  /** What narrows the run to some rules: a saved report may do so too. */
  narrowedBy = '--rule',
): void {
  refuse(policy, layers, narrowedBy);
  for (const entry of entriesOf(policy.images ?? []))
    refuse(
      policyWith(policy, [entry]),
      layersFor(layers, (each) => each === entry),
      narrowedBy,
    );
}

function refuse(policy: Policy, layers: readonly ConfigLayer[], narrowedBy: string): void {
  const refused = conditionsOf(policy).flatMap((condition) => {
    const why = whyUnasked(condition, policy, layers, narrowedBy);
    return why === null ? [] : [{ condition, ...why }];
  });
  const [first] = refused;
  if (first === undefined) return;
  const { condition, because, remedy } = first;
  const { text, without } = condition;
  const ways = [remedy, 'take the condition out', ...(without === null ? [] : [without])];
  const more = refused.length > 1 ? `; and ${refused.length - 1} more like it` : '';
  const { origin, place } = sourceOf(condition, layers);
  throw new PlacedMistakes(positionFrom(place), [
    `${origin} sets ${text}, but ${because}, so it would hold unasked: ${ways.slice(0, -1).join(', ')} or ${ways.at(-1)}${more}`,
  ]);
}

function conditionsOf({ gate }: Policy): readonly RuleCondition[] {
  const { failOnRules, coverage, maximum, required } = gate;
  const isRule = (name: string) => !severities.some((severity) => severity === name);
  return [
    ...failOnRules.map((rule) => ({
      rule,
      setting: 'gate.fail-on',
      text: `fail-on ${rule}`,
      isSetBy: (config: GateConfig) => config['fail-on'] !== undefined,
      without: `give --fail-on ${gate.failOn} for this run`,
    })),
    ...Object.entries(coverage)
      .filter(([, least]) => least > 0)
      .map(([rule, least]) => ({
        rule,
        setting: `gate.coverage.${rule}`,
        text: coverageText(rule, least),
        isSetBy: (config: GateConfig) => Object.hasOwn(config.coverage ?? {}, rule),
        without: `give --coverage ${rule}=0 for this run`,
      })),
    ...Object.entries(maximum)
      .filter(([name]) => isRule(name))
      .map(([rule, most]) => ({
        rule,
        setting: `gate.maximum.${rule}`,
        text: maximumText(rule, most),
        isSetBy: (config: GateConfig) => Object.hasOwn(config.maximum ?? {}, rule),
        without: null,
      })),
    ...(typeof required === 'boolean' ? [] : required).map((rule) => ({
      rule,
      setting: 'gate.required',
      text: `required ${rule}`,
      isSetBy: (config: GateConfig) => config.required !== undefined,
      without: null,
    })),
  ];
}

interface Why {
  readonly because: string;
  readonly remedy: string;
}

function whyUnasked(
  { rule }: RuleCondition,
  { asked, levels, profile, runsOn, lists }: Policy,
  layers: readonly ConfigLayer[],
  narrowedBy: string,
): Why | null {
  if (asked !== undefined && !asked.includes(rule))
    return { because: `${narrowedBy} leaves ${rule} out`, remedy: `add --rule ${rule}` };
  if (rule === 'runs-on' && runsOn === undefined)
    return { because: 'no system is named', remedy: 'name one at runs-on' };
  if (rule === 'own-lists' && lists === undefined)
    return { because: 'no list is set', remedy: 'set one at allow or deny' };
  const off = offFor(rule, levels);
  if (off === null) return null;
  const by = off.by === 'profile' ? `the profile ${profile}` : switchOf(rule, layers);
  return { because: `${by} switches ${rule} off`, remedy: `give ${rule} a level` };
}

/** The change that takes a rule from every file; null where it is asked of some. */
function offFor(rule: string, levels: readonly LevelChange[]): LevelChange | null {
  for (const change of levels.toReversed()) {
    if (change.rule !== rule) continue;
    if (change.level !== 'off') return null;
    if (Object.keys(change.where).length === 0) return change;
  }
  return null;
}

function switchOf(rule: string, layers: readonly ConfigLayer[]): string {
  const layer = layers.findLast(
    ({ config: { rules, overrides = [] } }) =>
      Object.hasOwn(rules ?? {}, rule) ||
      overrides.some((override) => Object.hasOwn(override.rules, rule)),
  );
  return layer?.originOf(`rules.${rule}`) || layer?.originOf('overrides') || 'the configuration';
}

function sourceOf({ setting, isSetBy }: RuleCondition, layers: readonly ConfigLayer[]) {
  const layer = layers.findLast(({ config: { gate } }) => gate !== undefined && isSetBy(gate));
  return {
    origin: layer?.originOf(setting) || 'the configuration',
    place: layer?.placeOf(setting) || 'configuration',
  };
}
