import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { parse } from 'smol-toml';
import { UsageError } from '../../../src/base/errors.ts';
import { findConf } from '../../../src/sources/registry/conf/find-conf.ts';
import {
  mergedConf,
  readRegistriesConf,
} from '../../../src/sources/registry/conf/registries-conf.ts';
import { candidatesFor } from '../../../src/sources/registry/conf/ways.ts';

const folder = mkdtempSync(join(tmpdir(), 'registries-conf-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const read = (text: string, by = '/x/registries.conf') => readRegistriesConf(parse(text), by);

/** Each way as `HOST/NAME@VERSION`, with what is said of it; candidates of a short name are separated by `|`. */
function ways(reference: string, ...texts: readonly string[]): string {
  const conf = texts.map((text) => read(text)).reduce(mergedConf);
  return candidatesFor(reference, conf)
    .map((candidate) =>
      candidate.ways
        .map(({ reference: { host, repository, version }, insecure, blockedBy }) => {
          const said = [
            ...(insecure ? ['insecure'] : []),
            ...(blockedBy === null ? [] : ['blocked']),
          ];
          return [`${host}/${repository} ${version}`, ...said].join(' ');
        })
        .join(', '),
    )
    .join(' | ');
}

const digest = `sha256:${'ab'.repeat(32)}`;
const mirrored = `
[[registry]]
location = "r.example"
insecure = true
[[registry.mirror]]
location = "m.example/all"
[[registry.mirror]]
location = "d.example"
pull-from-mirror = "digest-only"
[[registry.mirror]]
location = "t.example"
insecure = true
pull-from-mirror = "tag-only"
`;

const table = [
  ['a name of another registry stays', 'o.example/app', mirrored, 'o.example/app latest'],
  [
    'mirrors come first, those for tags with a tag',
    'r.example/team/app:1',
    mirrored,
    'm.example/all/team/app 1, t.example/team/app 1 insecure, r.example/team/app 1 insecure',
  ],
  [
    'and those for digests with a digest, whose tag does not count',
    `r.example/app:1@${digest}`,
    mirrored,
    `m.example/all/app ${digest}, d.example/app ${digest}, r.example/app ${digest} insecure`,
  ],
  [
    'a host stands for all its ports, as containers/image has it',
    'r.example:5000/app',
    '[[registry]]\nlocation = "r.example"\ninsecure = true',
    'r.example:5000/app latest insecure',
  ],
  [
    'but not for a longer name',
    'r.example.org/app',
    '[[registry]]\nlocation = "r.example"\nblocked = true',
    'r.example.org/app latest',
  ],
  [
    'the longest prefix counts, and its location takes its place',
    'r.example/team/app',
    '[[registry]]\nlocation = "r.example"\nblocked = true\n[[registry]]\nprefix = "r.example/team"\nlocation = "o.example/x"',
    'o.example/x/app latest',
  ],
  [
    'what is moved to a blocked place is blocked',
    'r.example/app',
    '[[registry]]\nprefix = "r.example"\nlocation = "o.example/x"\n[[registry]]\nlocation = "o.example"\nblocked = true',
    'o.example/x/app latest blocked',
  ],
  [
    'a mirror serves what a blocked registry has',
    'r.example/app',
    '[[registry]]\nlocation = "r.example"\nblocked = true\n[[registry.mirror]]\nlocation = "m.example"',
    'm.example/app latest, r.example/app latest blocked',
  ],
  [
    'a wildcard stands for all hosts below',
    'a.b.example.com:5000/app',
    '[[registry]]\nprefix = "*.example.com"\nblocked = true',
    'a.b.example.com:5000/app latest blocked',
  ],
  [
    'also where the domain occurs twice in the name',
    'a.example.com.example.com/app',
    '[[registry]]\nprefix = "*.example.com"\nblocked = true',
    'a.example.com.example.com/app latest blocked',
  ],
  [
    'and not for the domain itself, nor for a path',
    'example.com/a.example.com/app',
    '[[registry]]\nprefix = "*.example.com"\nblocked = true',
    'example.com/a.example.com/app latest',
  ],
  [
    "the hub's official images have their full name",
    'alpine:3',
    '[[registry]]\nprefix = "docker.io/library"\nlocation = "m.example/hub"',
    'm.example/hub/alpine 3',
  ],
  [
    'the port of HTTPS makes no other name',
    'r.example:443/app',
    '[[registry]]\nlocation = "r.example:443"\nblocked = true',
    'r.example/app latest blocked',
  ],
  [
    'names of members may be in capitals',
    'r.example/app',
    '[[Registry]]\nLocation = "r.example"\nBlocked = true',
    'r.example/app latest blocked',
  ],
  [
    'without a list a short name is of the hub',
    'app',
    '',
    'registry-1.docker.io/library/app latest',
  ],
  [
    'an empty list is none',
    'app',
    'unqualified-search-registries = []',
    'registry-1.docker.io/library/app latest',
  ],
  [
    'an alias keeps tag and digest',
    `team/app:1@${digest}`,
    '[aliases]\n"team/app" = "q.example/x/app"',
    `q.example/x/app ${digest}`,
  ],
  [
    'each registry of the list is tried in turn',
    'app:1',
    'unqualified-search-registries = ["a.example", "docker.io"]',
    'a.example/app 1 | registry-1.docker.io/library/app 1',
  ],
  [
    'with one registry, nobody must choose',
    'app',
    'short-name-mode = "enforcing"\nunqualified-search-registries = ["a.example"]',
    'a.example/app latest',
  ],
  [
    'a full name is looked for nowhere else',
    'docker.io/app',
    'unqualified-search-registries = ["a.example"]\n[aliases]\napp = "q.example/app"',
    'registry-1.docker.io/library/app latest',
  ],
  [
    'the old form',
    'app',
    "[registries.search]\nregistries = ['a.example', 'b.example']\n[registries.insecure]\nregistries = ['a.example']\n[registries.block]\nregistries = ['b.example']",
    'a.example/app latest insecure | b.example/app latest blocked',
  ],
] as const;

for (const [name, reference, text, want] of table)
  test(`${name}: ${reference}`, () => assert.equal(ways(reference, text), want));

test('a short name that is completed as Docker does keeps its name, and any other gets the full one', () => {
  const conf = read(
    '[aliases]\nalpine = "docker.io/library/alpine"\ncentos = "quay.io/centos/centos"',
  );
  const named = (text: string) =>
    candidatesFor(text, conf).map(({ name, because }) => [name, because]);
  assert.deepEqual(named('alpine:3'), [['alpine:3', null]]);
  assert.deepEqual(named('centos:7'), [
    ['quay.io/centos/centos:7', 'centos is an alias in registries.conf'],
  ]);
});

test('a later file replaces tables of the same prefix, aliases and lists, and erases aliases', () => {
  const earlier =
    'unqualified-search-registries = ["a.example"]\n[aliases]\napp = "q.example/app"\n[[registry]]\nlocation = "r.example"\nblocked = true';
  assert.equal(ways('app', earlier, '[aliases]\napp = ""'), 'a.example/app latest');
  assert.equal(ways('app', earlier, '[aliases]\napp = "p.example/app"'), 'p.example/app latest');
  assert.equal(
    ways('other', earlier, 'unqualified-search-registries = ["b.example"]'),
    'b.example/other latest',
  );
  assert.equal(
    ways('r.example/x', earlier, '[[registry]]\nlocation = "r.example"'),
    'r.example/x latest',
  );
});

const refused = [
  ['[[registry]]\nblocked = true', /: a \[\[registry\]\] has neither location nor prefix$/],
  ['[[registry]]\nprefix = "r.example"', /: the \[\[registry\]\] r\.example has no location$/],
  [
    '[[registry]]\nprefix = "*.example.com/x"\nlocation = "y"',
    /: the prefix \*\.example\.com\/x is not a host with a wildcard/,
  ],
  [
    '[[registry]]\nlocation = "https://r.example"',
    /: https:\/\/r\.example is an address, expected HOST\[:PORT\]$/,
  ],
  ['[[registry]]\nlocation = "r.example"\ninsecure = "true"', /: insecure is not true or false$/],
  ['[[registry]]\nlocation = ["r.example"]', /: location is not a text$/],
  ['[registry]\nlocation = "r.example"', /: registry is not a list of tables$/],
  [
    '[[registry]]\nlocation = "r.example"\n[[registry.mirror]]\ninsecure = true',
    /: a \[\[registry\.mirror\]\] has no location$/,
  ],
  [
    '[[registry]]\nlocation = "r.example"\nmirror-by-digest-only = true\n[[registry.mirror]]\nlocation = "m.example"\npull-from-mirror = "all"',
    /contradicts mirror-by-digest-only$/,
  ],
  [
    '[[registry]]\nlocation = "r.example"\n[[registry.mirror]]\nlocation = "m"\npull-from-mirror = "x"',
    /pull-from-mirror is x, expected all/,
  ],
  [
    '[[registry]]\nprefix = "a.example"\nlocation = "r.example"\nblocked = true\n[[registry]]\nprefix = "b.example"\nlocation = "r.example"',
    /: r\.example occurs twice, and only one of them is blocked$/,
  ],
  ['short-name-mode = "never"', /: short-name-mode is never, expected enforcing/],
  ['unqualified-search-registries = ["a.example/x"]', /has a\.example\/x, expected HOST\[:PORT\]$/],
  [
    'unqualified-search-registries = "a.example"',
    /: unqualified-search-registries is not a list of texts$/,
  ],
  ['aliases = 1', /: aliases is not a table$/],
  [
    '[registries.search]\nregistries = []\n[[registry]]\nlocation = "r.example"',
    /: it mixes the old form/,
  ],
] as const;

for (const [text, says] of refused)
  test(`one sentence refuses ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => read(text),
      (error) => error instanceof UsageError && says.test(error.message),
    );
  });

for (const [reference, text, says] of [
  [
    'app',
    '[aliases]\napp = "team/app"',
    /: the alias app is team\/app, expected HOST\[:PORT\]\/NAME$/,
  ],
  ['app', '[aliases]\napp = "q.example/app:1"', /: the alias app is q\.example\/app:1, expected/],
  [
    'r.example/app',
    '[[registry]]\nprefix = "r.example"\nlocation = "Upper"',
    /makes Upper\/app:latest of the image/,
  ],
  [
    'app:1',
    'short-name-mode = "enforcing"\nunqualified-search-registries = ["a.example", "b.example"]',
    /: choose registry:a\.example\/app:1 or registry:b\.example\/app:1$/,
  ],
] as const)
  test(`one sentence says why ${reference} leads nowhere with ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => ways(reference, text),
      (error) => error instanceof UsageError && says.test(error.message),
    );
  });

function home(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(path, file)), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return path;
}

test("the user's file and the folder next to it count, in the order of names, and nothing else there", async () => {
  const HOME = home('order', {
    '.config/containers/registries.conf': 'unqualified-search-registries = ["one.example"]',
    '.config/containers/registries.conf.d/20.conf':
      'unqualified-search-registries = ["three.example"]',
    '.config/containers/registries.conf.d/10.conf':
      'unqualified-search-registries = ["two.example"]\nshort-name-mode = "enforcing"',
    '.config/containers/registries.conf.d/30.txt': 'not TOML',
    '.config/containers/registries.conf.d/40.conf/x.conf': 'not TOML',
    'named.conf': 'unqualified-search-registries = ["named.example"]',
  });
  const conf = await findConf({ HOME, CONTAINERS_REGISTRIES_CONF: '' });
  assert.deepEqual(conf.search?.value, ['three.example']);
  assert.equal(conf.shortNameMode, 'enforcing');
  // What lies in folders is added to a file that the environment names.
  for (const variable of ['CONTAINERS_REGISTRIES_CONF', 'REGISTRIES_CONFIG_PATH']) {
    const named = await findConf({ HOME, [variable]: join(HOME, 'named.conf') });
    assert.deepEqual(named.search?.value, ['three.example']);
  }
  const alone = home('alone', {
    'named.conf': 'unqualified-search-registries = ["named.example"]',
  });
  const conf2 = await findConf({
    HOME: alone,
    CONTAINERS_REGISTRIES_CONF: join(alone, 'named.conf'),
  });
  assert.deepEqual(conf2.search?.value, ['named.example']);
});

test('a file that is not TOML, or that is not there though it is named, is one sentence', async () => {
  const HOME = home('broken', { '.config/containers/registries.conf': 'a = 1\n[[registry\n' });
  await assert.rejects(findConf({ HOME }), (error) => {
    assert.ok(error instanceof UsageError);
    assert.match(error.message, /registries\.conf:2: it is not TOML: [^\n]+$/);
    return true;
  });
  const missing = join(folder, 'missing.conf');
  await assert.rejects(findConf({ HOME: folder, CONTAINERS_REGISTRIES_CONF: missing }), {
    name: 'UsageError',
    message: `${missing} cannot be read: no such file or directory`,
  });
});
