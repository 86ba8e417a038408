import { isIncomplete } from '../../base/problem.ts';
import { judgedOf } from '../../report/all-judged.ts';
import type { Judged, JudgedVerdict, TargetReport } from '../../report/report.ts';
import { acceptanceOf } from '../findings/accepted.ts';
import { type Component, ownershipOf } from '../groups/ownership-of.ts';
import type { RenderOptions } from '../reporter.ts';
import { writeJson } from '../writing/write-json.ts';
import { type Property, property } from './property.ts';

const types = {
  image: 'container',
  'root-filesystem': 'application',
  package: 'application',
  file: 'file',
} as const;

/** Without what is in it. */
export function targetComponent(target: TargetReport, at: number) {
  const { name, kind, digest, platform, os, gate, problems } = target;
  const [, sha256] = /^sha256:([0-9a-f]{64})$/.exec(digest ?? '') ?? [];
  const image = judgedOf(target).filter((judged) => judged.sha256 === null);
  return {
    type: types[kind],
    'bom-ref': String(at),
    name: name || 'root',
    ...(sha256 === undefined ? {} : { hashes: [{ alg: 'SHA-256', content: sha256 }] }),
    properties: [
      property('kind', kind),
      ...(platform === null ? [] : [property('platform', platform)]),
      ...(os === null ? [] : [property('os', os.prettyName)]),
      ...(gate === undefined
        ? []
        : [property('gate', gate.state), property('gate:because', gate.because)]),
      ...image.flatMap(({ verdicts }) => verdicts.flatMap((verdict) => verdictOf(verdict, true))),
      ...problems
        .filter(isIncomplete)
        .map(({ kind, where, message }) => property(`problem:${kind}`, `${where}: ${message}`)),
    ],
  };
}

/** The packages of a target with their ELF files, and then those that no package is known of; each as JSON. */
export function* componentsOf(
  target: TargetReport,
  at: number,
  { all }: Pick<RenderOptions, 'all'>,
): Generator<string> {
  const packages = new Map<string, { component: Component; files: Judged[] }>();
  const loose: Judged[] = [];
  for (const binary of target.binaries) {
    const { component } = ownershipOf(binary);
    if (component === null) loose.push(binary);
    else {
      const key = `${component.ecosystem} ${component.purl} ${component.name} ${component.version}`;
      const known = packages.get(key) ?? { component, files: [] };
      known.files.push(binary);
      packages.set(key, known);
    }
  }
  for (const [key, { component, files }] of packages) {
    const { name, version, purl, ecosystem } = component;
    yield writeJson({
      type: 'library',
      'bom-ref': `${at} ${key}`,
      name: name || 'package',
      ...(version === '' ? {} : { version }),
      ...(purl === '' ? {} : { purl }),
      properties: [property('ecosystem', ecosystem)],
      components: files.map((file) => fileComponent(file, at, all)),
    });
  }
  for (const file of loose) yield writeJson(fileComponent(file, at, all));
}

function fileComponent(file: Judged, at: number, all: boolean) {
  const { whose } = ownershipOf(file);
  return {
    type: 'file',
    'bom-ref': `${at}:${file.path}`,
    name: file.path || '/',
    hashes: [{ alg: 'SHA-256', content: file.sha256 }],
    properties: [
      property('whose', whose),
      ...file.aliases.map((path) => property('alias', path)),
      ...file.verdicts.flatMap((verdict) => verdictOf(verdict, all)),
    ],
  };
}

/** `hullcheck:pie` is `pass`. What a person has to read has its severity and message, and who accepted it. */
function verdictOf(verdict: JudgedVerdict, all: boolean): readonly Property[] {
  const { rule, outcome, severity, message } = verdict;
  if (outcome === 'not-applicable' && !all) return [];
  if (outcome === 'pass' || outcome === 'not-applicable') return [property(rule, outcome)];
  const accepted = acceptanceOf(verdict);
  return [
    property(rule, outcome),
    property(`${rule}:severity`, severity),
    property(`${rule}:message`, message),
    ...(accepted === null ? [] : [property(`${rule}:accepted`, accepted)]),
  ];
}
