import { parseXml, type XmlElement } from './parsers.ts';

interface Shape {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  /** In any order, any number of times. */
  readonly children: readonly string[];
  readonly hasText: boolean;
}

const end = { required: [], optional: ['type', 'message'], children: [], hasText: true };
const text = { required: [], optional: [], children: [], hasText: true };

/** Of what hullcheck writes: the schema also has elements for tests that were run again. */
const shapes: Readonly<Record<string, Shape>> = {
  testsuites: {
    required: [],
    optional: ['name', 'time', 'tests', 'failures', 'errors'],
    children: ['testsuite'],
    hasText: false,
  },
  testsuite: {
    required: ['name', 'tests', 'failures', 'errors'],
    optional: ['group', 'time', 'skipped', 'timestamp', 'hostname', 'id', 'package', 'file', 'url'],
    children: ['testsuite', 'properties', 'testcase', 'system-out', 'system-err'],
    hasText: false,
  },
  testcase: {
    required: ['name'],
    optional: ['time', 'classname', 'group'],
    children: ['skipped', 'error', 'failure', 'system-out', 'system-err'],
    hasText: false,
  },
  properties: { required: [], optional: [], children: ['property'], hasText: false },
  property: { required: ['name', 'value'], optional: [], children: [], hasText: false },
  skipped: end,
  error: end,
  failure: end,
  'system-out': text,
  'system-err': text,
};

/** What the schema does not have, and counts that are not those of the cases. */
export function jenkinsRefuses(xml: string): readonly string[] {
  const elements = parseXml(xml);
  const shaped = elements.flatMap((element) => misshapen(element));
  const counted = elements
    .filter(({ name }) => name === 'testsuites' || name === 'testsuite')
    .flatMap((suite) => miscounted(suite, elements));
  return [...shaped, ...counted];
}

function misshapen({ name, attributes, parent, text }: XmlElement): readonly string[] {
  const shape = shapes[name];
  const around = parent === null ? null : shapes[parent.name];
  if (shape === undefined || around === undefined) return [`<${name}> is not known`];
  const { required, optional, hasText } = shape;
  const allowed = [...required, ...optional];
  return [
    ...Object.keys(attributes)
      .filter((key) => !allowed.includes(key))
      .map((key) => `${name} has ${key}`),
    ...required.filter((key) => !(key in attributes)).map((key) => `${name} lacks ${key}`),
    ...((around === null ? name === 'testsuites' : around.children.includes(name))
      ? []
      : [`${name} is in ${parent?.name}`]),
    ...(hasText || text.trim() === '' ? [] : [`${name} has text`]),
  ];
}

/** By the elements below it, where it has such a count. */
function miscounted(suite: XmlElement, elements: readonly XmlElement[]): readonly string[] {
  const isBelow = (element: XmlElement | null): boolean =>
    element !== null && (element.parent === suite || isBelow(element.parent));
  const below = elements.filter((element) => isBelow(element));
  return Object.entries({
    tests: 'testcase',
    failures: 'failure',
    errors: 'error',
    skipped: 'skipped',
  })
    .filter(([key]) => key in suite.attributes)
    .flatMap(([key, name]) => {
      const count = below.filter((element) => element.name === name).length;
      const said = suite.attributes[key];
      return said === String(count) ? [] : [`${suite.name} has ${key} ${said} of ${count}`];
    });
}
