import assert from 'node:assert/strict';
import { test } from 'node:test';
import { known } from '../../src/base/fact.ts';
import type { Report } from '../../src/report/report.ts';
import { reporters } from '../../src/reporters/index.ts';
import { hostileNames } from '../support/reports/hostile-names.ts';
import { parseCsv, parseXml } from '../support/reports/parsers.ts';
import { render } from '../support/reports/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

/** Everything but line feeds that a terminal would act on. */
const dangerous =
  /[\0-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]|\p{Surrogate}|\r(?!\n)/u;

/** The name wherever an image can put one: image, layer, path, alias, message, evidence and problem. */
function hostileReport(name: string): Report {
  const seen = { what: `symbol ${name}`, saw: name };
  return report([
    target({
      name,
      os: { id: name, versionId: name, prettyName: name },
      config: {
        created: null,
        user: name,
        entrypoint: [name],
        cmd: [],
        env: [],
        workingDirectory: '',
        labels: { [name]: name },
      },
      layers: [{ index: 0, digest: name, diffId: null, createdBy: name, origin: null }],
      binaries: [
        binary({
          path: name,
          aliases: [name],
          verdicts: [verdict({ rule: 'pie', message: `it needs ${name}`, evidence: [seen] })],
        }),
      ],
      problems: [{ kind: 'damaged', where: name, message: `${name} is damaged` }],
    }),
  ]);
}

/** How many lines a harmless name gives. */
const harmless = hostileReport('/harmless');

for (const format of Object.keys(reporters)) {
  test(`no name acts on a terminal or begins a line of its own in ${format}`, async () => {
    const lines = (await render(format, harmless, { all: true })).split('\n').length;
    for (const [what, name] of Object.entries(hostileNames)) {
      const output = await render(format, hostileReport(name), { all: true, width: 100_000 });
      assert.doesNotMatch(output, dangerous, what);
      assert.ok(output.isWellFormed(), what);
      // The names have no space to wrap at but the one that is about spaces.
      if (format !== 'text') assert.equal(output.split('\n').length, lines, what);
    }
  });
}

/** What every object has by itself. */
const members = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'];

/** The name wherever a remedy is looked up by a word of the image, or of a saved report. */
function lookedUp(name: string): Report {
  const owned = (ecosystem: string) =>
    ({
      whose: 'dependency',
      component: { ecosystem, name, version: name, purl: name, group: name },
      because: name,
    }) as never;
  const recorded = known([{ producer: name, options: ['-O2'], evidence: [] }] as never);
  const verdicts = [verdict({ rule: 'pie' }), verdict({ rule: name })];
  return report([
    target({
      os: { id: name, versionId: name, prettyName: name },
      binaries: [
        binary({ path: '/a', facts: factsWith({ recordedFlags: recorded }), verdicts }),
        binary({ path: '/b', facts: factsWith({ ownership: known(owned(name)) }), verdicts }),
      ],
    }),
    target({
      name: 'package',
      scheme: name,
      kind: 'package',
      binaries: [binary({ path: '/a', verdicts })],
    }),
  ]);
}

for (const format of Object.keys(reporters)) {
  test(`a name that every object has a member of is a name like others in ${format}`, async () => {
    const lines = (await render(format, lookedUp('unheard-of'))).split('\n').length;
    for (const name of members)
      assert.equal((await render(format, lookedUp(name))).split('\n').length, lines, name);
  });
}

for (const format of Object.keys(reporters)) {
  test(`no name in ${format} is a command to a runner of CI that has it in its log`, async () => {
    for (const [what, name] of Object.entries(hostileNames)) {
      for (const width of [20, 80, 100_000]) {
        const output = await render(format, hostileReport(name), { all: true, width });
        assert.doesNotMatch(output, /##[\w.-]*\[/, what);
        if (format !== 'github') assert.doesNotMatch(output, /^\s*::/mu, what);
      }
    }
  });
}

/** What a parser of the format reads back must be the name, or its escaped form where the format cannot hold it. */
const readers: Readonly<Record<string, (output: string) => unknown>> = {
  json: (output) => JSON.parse(output).targets[0].binaries[0].path,
  jsonl: (output) => JSON.parse(output.split('\n')[1] ?? '').path,
  sarif: (output) => JSON.parse(output).runs[0].results[0].properties.binary,
};

for (const [format, read] of Object.entries(readers)) {
  test(`${format} gives back each name as it was, in characters that every parser takes`, async () => {
    for (const [what, name] of Object.entries(hostileNames)) {
      const seen = read(await render(format, hostileReport(name)));
      assert.equal(seen, what === 'lone surrogate' ? '/a\\x80b' : name, what);
    }
  });
}

test('the names of SARIF locations are relative and decode to the path', async () => {
  for (const [what, name] of Object.entries(hostileNames)) {
    const { uri } = JSON.parse(await render('sarif', hostileReport(name))).runs[0].results[0]
      .locations[0].physicalLocation.artifactLocation;
    assert.match(uri, /^(?:[\w.~-]|%[0-9A-F]{2})+(?:\/(?:[\w.~-]|%[0-9A-F]{2})+)*$/, what);
    assert.ok(!URL.canParse(uri), what);
    const segments = name.split('/').filter((part) => part !== '' && part !== '..');
    assert.ok(
      decodeURIComponent(uri).endsWith(segments.join('/').replace(/\p{Surrogate}/gu, '\ufffd')),
      what,
    );
  }
});

test('a name that looks like a link is none in a SARIF message', async () => {
  const { text } = JSON.parse(await render('sarif', hostileReport('/[a](http://example.org)')))
    .runs[0].results[0].message;
  assert.doesNotMatch(text, /(?<!\\)\[[^\]]*(?<!\\)\]\(/);
});

test('junit is well-formed XML with the same counts for every name', async () => {
  const names = (xml: string) => parseXml(xml).map(({ name }) => name);
  const expected = names(await render('junit', harmless));
  for (const [what, name] of Object.entries(hostileNames)) {
    const output = await render('junit', hostileReport(name));
    assert.deepEqual(names(output), expected, what);
  }
});

test('junit gives back a name that XML can hold', async () => {
  const name = hostileNames['attribute break'] ?? '';
  const cases = parseXml(await render('junit', hostileReport(name))).filter(
    (element) => element.name === 'testcase',
  );
  assert.deepEqual(
    cases.map(({ attributes }) => attributes['classname']),
    [name, name],
  );
});

test('csv keeps its columns, and no cell begins like a formula', async () => {
  for (const [what, name] of Object.entries(hostileNames)) {
    const rows = parseCsv(await render('csv', hostileReport(name)));
    // A verdict, and a part that was not scanned.
    assert.equal(rows.length, 3, what);
    for (const row of rows) {
      assert.equal(row.length, rows[0]?.length, what);
      for (const cell of row) assert.doesNotMatch(cell, /^[=+\-@]/, what);
    }
  }
});

test('a workflow runner finds only our own commands', async () => {
  for (const [what, name] of Object.entries(hostileNames)) {
    for (const line of (await render('github', hostileReport(name))).trimEnd().split('\n')) {
      assert.match(line, /^::(?:error|warning|notice) title=[^:,\n]*::[^\n]*$/, what);
    }
  }
});

test('GitLab gets a list of issues, each with a path and a fingerprint of its own', async () => {
  const fingerprints = new Set<string>();
  for (const [what, name] of Object.entries(hostileNames)) {
    const [issue] = JSON.parse(await render('gitlab', hostileReport(name)));
    assert.ok(issue.location.path !== '' && !issue.location.path.startsWith('/'), what);
    fingerprints.add(issue.fingerprint);
  }
  assert.equal(fingerprints.size, Object.keys(hostileNames).length);
});

test('markdown is short whatever the names are, and says what it left out', async () => {
  const long = hostileNames['long'] ?? '';
  const many = Array.from({ length: 2000 }, (_, index) =>
    binary({ path: `${long}${index}`, verdicts: [verdict({ rule: 'pie', message: long })] }),
  );
  const output = await render('markdown', report([target({ name: long, binaries: many })]));
  assert.ok(output.length < 65_536, `${output.length} characters`);
  assert.match(output, /and \d+ less severe findings\n$/);
});
