import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { hullcheckIn } from '../support/hullcheck-in.ts';
import { editedReport, passing } from '../support/reports/edited-report.ts';
import { repositoryRoot } from '../support/repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'hullcheck-attest-'));
after(() => rmSync(folder, { recursive: true }));
const hullcheck = hullcheckIn(folder);
const image = 'starts.docker.tar';
copyFileSync(join(repositoryRoot, 'samples/images', image), join(folder, image));
const config = 'gate: {fail-on: high}\nrules: {relro: note}\n';
writeFileSync(join(folder, 'c.yaml'), config);
const argv = [image, '--config', 'c.yaml', '--date', '2026-11-30', '--no-cache'];
hullcheck([...argv, '-o', 'json=whole.json']);
const whole = readFileSync(join(folder, 'whole.json'), 'utf8');
assert.match(whole, /"state":"broken"/);
writeFileSync(join(folder, 'edited.json'), whole.replaceAll('"state":"broken"', '"state":"holds"'));
const lowered = await editedReport(whole, (binary) => ({
  ...binary,
  verdicts: binary.verdicts.map((verdict) => ({ ...verdict, severity: 'note' })),
}));
writeFileSync(join(folder, 'lowered.json'), lowered);
const passed = await editedReport(whole, (binary) => passing(binary, 'pie'));
writeFileSync(join(folder, 'passed.json'), passed);

test('a report as it was written is attested, with its policy, day and rules', () => {
  const { status, stdout, stderr } = hullcheck(['attest', 'whole.json', '--predicate-only']);
  assert.equal(status, 0, stderr);
  const { policy, date, tool } = JSON.parse(stdout);
  assert.equal(date, '2026-11-30');
  assert.match(tool.rules.sha256, /^[0-9a-f]{64}$/);
  const sha256 = createHash('sha256').update(config).digest('hex');
  assert.deepEqual(policy, [{ role: 'configuration', name: 'c.yaml', digest: { sha256 } }]);
});

test('a report whose gate was turned by hand is not attested', () => {
  const { status, stdout, stderr } = hullcheck(['attest', 'edited.json']);
  assert.equal(status, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /edited\.json contradicts itself: the gate of .* holds, but/);
});

for (const argv of [
  ['convert', 'edited.json'],
  ['convert', 'edited.json', '-o', 'sarif'],
  ['baseline', 'edited.json'],
  ['baseline', 'update', 'edited.json', '--to', 'known.json'],
  ['judge', 'edited.json', '--fail-on', 'none'],
  ['judge', 'whole.json', 'edited.json', '--fail-on', 'none'],
  ['diff', 'edited.json', 'whole.json'],
  ['diff', 'whole.json', 'edited.json'],
  ['scan', image, '--no-cache', '--against', 'edited.json', '--fail-on', 'none'],
  ['config', '--check', 'c.yaml', '--against', 'edited.json'],
  ['config', 'diff', 'c.yaml', 'c.yaml', 'edited.json'],
])
  test(`hullcheck ${argv.join(' ')} is refused for the same reason, and writes nothing`, () => {
    const { status, stdout, stderr } = hullcheck(argv);
    assert.equal(status, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /edited\.json contradicts itself: the gate of .* holds, but/);
    assert.equal(hullcheck(argv.map((each) => each.replace('edited', 'whole'))).status, 0);
  });

test('it is not verified, although it describes the image', () => {
  assert.equal(hullcheck(['verify-report', 'whole.json', image]).status, 0);
  const { status, stdout } = hullcheck(['verify-report', 'edited.json', image]);
  assert.equal(status, 1);
  assert.match(stdout, /the report contradicts itself: the gate of/);
});

test('an audit shows what contradicts itself, and exits with 1', () => {
  assert.equal(hullcheck(['audit', 'whole.json']).status, 0);
  const { status, stdout } = hullcheck(['audit', 'edited.json']);
  assert.equal(status, 1);
  assert.match(stdout, /CONTRADICTS ITSELF: the gate of/);
});

test('an audit names the settings that are not as by default, and their places', () => {
  const { stdout } = hullcheck(['audit', 'whole.json']);
  assert.match(stdout, /setting rules\.relro: "note" \(c\.yaml:2:9\)/);
  assert.match(stdout, /configuration c\.yaml \(named\)/);
});

const made = JSON.parse(whole);
const noPie = (binary: { verdicts: { rule: string }[] }) => ({
  ...binary,
  verdicts: binary.verdicts.filter(({ rule }) => rule !== 'pie'),
});
const listsOfRules: readonly (readonly [claim: string, edit: object, says: RegExp])[] = [
  [
    'names one of its rules alone',
    { rules: ['pie'] },
    /have verdicts, and the report does not name them as asked/,
  ],
  [
    'does not name one of its rules',
    { rules: made.rules.filter((rule: string) => rule !== 'pie') },
    /pie has verdicts, and the report does not name it as asked/,
  ],
  [
    'names a rule that has no verdicts',
    { rules: [...made.rules, 'zeal'] },
    /names zeal as asked, and has no verdict of it/,
  ],
  [
    'lacks a verdict of one binary of each image',
    {
      targets: made.targets.map((each: { binaries: { verdicts: { rule: string }[] }[] }) => ({
        ...each,
        binaries: each.binaries.map((binary, at) => (at === 0 ? noPie(binary) : binary)),
      })),
    },
    /7 binaries lack verdicts that others have/,
  ],
];
for (const [claim, edit, says] of listsOfRules)
  test(`a report that ${claim} is not attested`, () => {
    writeFileSync(join(folder, 'rules.json'), JSON.stringify({ ...made, ...edit }));
    const { status, stderr } = hullcheck(['attest', 'rules.json']);
    assert.equal(status, 2);
    assert.match(stderr, says);
  });

test('a run that was narrowed to a rule is attested, and not where it names all of them', () => {
  hullcheck([...argv, '--rule', 'pie', '-o', 'json=one.json']);
  assert.equal(hullcheck(['attest', 'one.json']).status, 0);
  const one = JSON.parse(readFileSync(join(folder, 'one.json'), 'utf8'));
  writeFileSync(join(folder, 'as-all.json'), JSON.stringify({ ...one, rules: made.rules }));
  const { status, stderr } = hullcheck(['attest', 'as-all.json']);
  assert.equal(status, 2);
  assert.match(stderr, /as asked, and has no verdict of them/);
});

for (const argv of [
  ['attest', 'lowered.json'],
  ['judge', 'lowered.json'],
  ['convert', 'lowered.json'],
])
  test(`hullcheck ${argv.join(' ')}: verdicts that weigh what their rules cannot give are refused`, () => {
    const { status, stderr } = hullcheck(argv);
    assert.equal(status, 2);
    assert.match(stderr, /\(.*pie.*\) weigh what the rule does not give, and no level/);
  });
test('and they are neither verified nor audited in silence', () => {
  assert.match(hullcheck(['verify-report', 'lowered.json', image]).stdout, /does not give/);
  const { status, stdout } = hullcheck(['audit', 'lowered.json']);
  assert.equal(status, 1);
  assert.match(stdout, /CONTRADICTS ITSELF/);
});

test('a report with other verdicts than those of the image is not verified, however consistent it is', () => {
  const { status, stdout } = hullcheck(['verify-report', 'passed.json', image]);
  assert.equal(status, 1);
  assert.match(
    stdout,
    /^\d+ verdicts? of the report (?:is|are) not what the rules say of the image: pie of \S+ is pass in the report, and a failure of severity high in the image\n$/,
  );
});
