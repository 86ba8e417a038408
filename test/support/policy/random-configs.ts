const digest = 'ab'.repeat(32);

/** Valid configurations that have every setting among them. */
export const wholeConfigs: readonly Readonly<Record<string, unknown>>[] = [
  {
    $schema: './schema.json',
    profile: 'debian',
    rules: { pie: 'off', relro: { level: 'high', reason: 'x' }, 'bind-now': { level: 'note' } },
    overrides: [
      {
        path: '/a/**',
        package: ['x', 'y*'],
        layer: 'own',
        kind: 'shared-library',
        rules: { pie: 'low' },
      },
      { whose: ['dependency'], image: 'acme/*', kind: ['loader'], rules: {} },
    ],
    exclude: ['/a', '*.so'],
    gate: {
      of: 'all',
      'fail-on': ['critical', 'pie'],
      'fail-on-unknown': true,
      coverage: { pie: 99.5 },
      'coverage-of': 'own',
      maximum: { high: 3, relro: 0 },
      'allow-empty': false,
    },
    limits: { 'max-file-size': '512M', 'max-entries': 10, jobs: 2 },
    baseline: 'b.json',
  },
  {
    gate: { 'fail-on': 'none' },
    waivers: [
      {
        rule: 'pie',
        path: ['/a'],
        digest,
        'build-id': ['abcdef0123'],
        cause: 'library x',
        reason: 'x',
        expires: '2030-12-31',
        created: '2026-01-01',
        owner: 'me',
        'approved-by': ['you'],
        ticket: '12',
      },
      { rules: ['pie', 'relro'], reason: 'y', whose: 'yours', layer: 'base' },
    ],
    dependencies: [
      { name: 'node', version: '22', package: 'nodejs', path: '/n', digest: [digest], reason: 'x' },
    ],
    yours: [
      'acmed',
      {
        package: 'a',
        maintainer: '*@acme.example',
        purl: 'pkg:npm/*',
        path: '/x',
        digest,
        reason: 'x',
      },
    ],
  },
  {
    images: [
      {
        image: 'acme/*',
        profile: 'alpine',
        rules: { pie: 'low' },
        gate: { of: 'all' },
        'runs-on': { musl: '1.2' },
      },
    ],
    extends: ['../org.yaml'],
    root: true,
    locked: ['gate', 'rules.pie'],
    waivers: {
      expires: 'required',
      'at-most': '180d',
      owner: 'required',
      ticket: 'required',
      'approved-by': ['a'],
      entries: [{ rule: 'pie', reason: 'x' }],
    },
  },
];

type Random = (bound: number) => number;

/** One of them with a few members removed, renamed, replaced, repeated or put in a list. */
export function changedAtRandom(random: Random): unknown {
  const start = wholeConfigs[random(wholeConfigs.length)];
  const whole: { value: unknown } = { value: structuredClone(start) };
  for (let change = random(4); change >= 0; change -= 1) changeOne(whole, random);
  return whole.value;
}

/** Every place that a value stands in. */
interface Slot {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string;
}

function slotsOf(whole: { value: unknown }): readonly Slot[] {
  const slots: Slot[] = [];
  const open: unknown[] = [whole.value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    // Arrays are read by their index as a name.
    const holder = next as Slot['holder'];
    for (const [key, value] of Object.entries(holder)) {
      slots.push({ holder, key });
      open.push(value);
    }
  }
  return slots;
}

function changeOne(whole: { value: unknown }, random: Random): void {
  const slots = slotsOf(whole);
  const slot = slots[random(slots.length)];
  if (slot === undefined) return;
  const { holder, key } = slot;
  // By name or index, which the compiler cannot know.
  const values = holder as Record<string, unknown>;
  const value = values[key];
  const change = random(7);
  if (change === 0 && Array.isArray(holder)) holder.splice(Number(key), 1);
  else if (change === 0) delete values[key];
  else if (change === 1 && !Array.isArray(holder)) {
    delete values[key];
    values[pick(names, random)] = value;
  } else if (change === 2) values[key] = [value];
  else if (change === 3 && Array.isArray(value)) values[key] = value[0] ?? null;
  else if (change === 4 && Array.isArray(holder)) holder.push(structuredClone(value));
  else if (change === 5 && typeof value === 'string') values[key] = changedText(value, random);
  else values[key] = structuredClone(pick(replacements, random));
}

function changedText(text: string, random: Random): string {
  const at = random(text.length + 1);
  return `${text.slice(0, at)}${pick(['', '0', 'A', ' ', '-', '*'], random)}${text.slice(at + random(2))}`;
}

function pick<T>(values: readonly T[], random: Random): T {
  const found = values[random(values.length)];
  if (found === undefined) throw new Error('there is nothing to pick');
  return found;
}

const names = [
  ...[
    'profile',
    'rules',
    'rule',
    'path',
    'package',
    'reason',
    'expires',
    'level',
    'gate',
    'digest',
  ],
  ...[
    'pie',
    'relro',
    'PIE',
    '__proto__',
    'constructor',
    '',
    'x',
    'high',
    'entries',
    'maximum',
    'name',
  ],
];

const replacements: readonly unknown[] = [
  ...['', ' ', 'x', 'pie', 'high', 'off', 'none', 'all', 'own', 'yours', 'required', 'debian'],
  ...[
    '/a/**',
    '2027-01-31',
    '2027-02-30',
    '2027-1-1',
    '512M',
    '1.5GiB',
    '0',
    '180d',
    'toString',
    digest,
  ],
  ...[digest.toUpperCase(), `sha256:${digest}`, digest.slice(1), 'a'.repeat(300)],
  ...[0, 1, -1, 0.5, 100, 101, 1e9, 1e13, 12345.5, true, false, null],
  ...[[], {}, ['pie'], ['high', 'low'], ['high', 'pie'], { pie: 'low' }, { pie: 50 }, [[]], [{}]],
];
