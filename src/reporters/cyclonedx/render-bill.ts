import { escapeText } from '../../base/escape.ts';
import type { Report } from '../../report/report.ts';
import { messagesIn } from '../findings/accepted.ts';
import type { RenderOptions } from '../reporter.ts';
import { writeJson } from '../writing/write-json.ts';
import { componentsOf, targetComponent } from './bill-components.ts';
import { declarationsOf, definitionsOf } from './gate-attestation.ts';
import { type Property, property } from './property.ts';

/**
 * https://cyclonedx.org/docs/1.6/json/ in pieces. One image, folder or package is what the bill is about; of several, each is a
 * component, and files that are given one by one are components themselves. It has no clock and no random serial number.
 */
export function* renderBill(report: Report, options: RenderOptions): Generator<string> {
  const { targets } = report;
  const [only] = targets;
  const subject = targets.length === 1 && only !== undefined && only.kind !== 'file' ? only : null;
  const head = {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      ...(report.date === undefined ? {} : { timestamp: `${report.date}T00:00:00Z` }),
      tools: {
        components: [{ type: 'application', name: report.tool.name, version: report.tool.version }],
      },
      ...(subject === null ? {} : { component: targetComponent(subject, 0) }),
      properties: propertiesOf(report),
    },
  };
  yield `${writeJson(head).slice(0, -1)},\n"components":[`;
  yield* joined(subject === null ? components(report, options) : componentsOf(subject, 0, options));
  // Of each root only the ELF files and what they came with are in it.
  const assemblies = targets.flatMap((target, at) => (target.kind === 'file' ? [] : [String(at)]));
  const end = {
    ...(assemblies.length === 0 ? {} : { compositions: [{ aggregate: 'incomplete', assemblies }] }),
    declarations: declarationsOf(report),
    definitions: definitionsOf(report),
  };
  yield `],\n${writeJson(end).slice(1)}\n`;
}

function* components({ targets }: Report, options: RenderOptions): Generator<string> {
  for (const [at, target] of targets.entries()) {
    if (target.kind === 'file') yield* componentsOf(target, at, options);
    else {
      const inside = [...joined(componentsOf(target, at, options))].join('');
      const own = writeJson(targetComponent(target, at)).slice(0, -1);
      yield `${own}${inside === '' ? '' : `,"components":[${inside}]`}}`;
    }
  }
}

function* joined(pieces: Iterable<string>): Generator<string> {
  let separator = '\n';
  for (const piece of pieces) {
    yield `${separator}${piece}`;
    separator = ',\n';
  }
}

function propertiesOf(report: Report): readonly Property[] {
  const { gate, policy, tool } = report;
  return [
    property('gate', gate.state),
    property('gate:because', gate.because),
    property('profile', policy.profile),
    ...(tool.rules === undefined ? [] : [property('rules:sha256', tool.rules.sha256)]),
    ...(['warning', 'notice'] as const).flatMap((level) =>
      messagesIn(policy, level).map(({ message }) => property(level, escapeText(message))),
    ),
  ];
}
