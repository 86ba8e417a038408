import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { rules } from '../../rules/index.ts';
import { known } from '../../src/base/fact.ts';
import type { JudgedVerdict } from '../../src/report/report.ts';
import { fixText } from '../../src/reporters/remedies/fix.ts';
import { fixesOf } from '../../src/reporters/remedies/fixes-of.ts';
import { protections } from '../../src/reporters/remedies/needs.ts';
import { type ToolchainName, toolchainNames } from '../../src/reporters/remedies/toolchain.ts';
import { briefLines } from '../../src/reporters/text/text-brief.ts';
import { fixLines } from '../../src/reporters/text/text-command.ts';
import { render } from '../support/reports/render.ts';
import { binary, factsWith, report, target, verdict } from '../support/reports/report-builder.ts';

const origin = (whose: 'yours' | 'dependency' | 'distribution', ecosystem: string, name: string) =>
  factsWith({
    ownership: known({
      whose,
      component:
        whose === 'yours'
          ? null
          : { ecosystem, name, version: '1.0', purl: `pkg:${ecosystem}/${name}@1.0`, group: name },
      because: 'a test says so',
    }),
  } as never);

const bad: readonly JudgedVerdict[] = [
  verdict({ rule: 'pie', message: 'is linked to a fixed address' }),
  verdict({
    rule: 'relro',
    severity: 'medium',
    message:
      '9 of 9 function pointers written by the loader lie outside PT_GNU_RELRO and stay writable',
  }),
  verdict({
    rule: 'stack-protector',
    message: 'none of 2 functions that should check a stack canary does',
  }),
];

/** Files of yours behind those of others, by path, as they are in an image of Debian. */
const crowded = report([
  target({
    binaries: [
      ...Array.from({ length: 900 }, (_, at) =>
        binary({
          path: `/bin/${at}`,
          facts: origin('distribution', 'deb', `package-${at % 90}`),
          verdicts: bad.slice(1),
        }),
      ),
      ...Array.from({ length: 40 }, (_, at) =>
        binary({
          path: `/app/node_modules/module-${at % 8}/build/Release/binding-${at}.node`,
          facts: origin('dependency', 'npm', `module-${at % 8}`),
          verdicts: bad,
        }),
      ),
      ...Array.from({ length: 30 }, (_, at) =>
        binary({
          path: `/usr/local/bin/daemon-${at}`,
          facts: origin('yours', 'generic', ''),
          verdicts: at % 2 === 0 ? bad : bad.slice(0, 2 + (at % 3)),
        }),
      ),
    ],
  }),
]);

describe('the text report of 970 files', () => {
  it('has at most 60 lines, yours within the first 15, and none of more than 80 columns', async () => {
    const lines = (await render('text', crowded, { rules })).trimEnd().split('\n');
    assert.ok(lines.length <= 60, `${lines.length} lines`);
    assert.ok(lines.slice(0, 15).some((line) => line.startsWith('/usr/local/bin/daemon-')));
    for (const line of lines) assert.ok(line.length <= 80, line);
  });

  it('says who broke the gate first, and the whole sentence last', async () => {
    const lines = (await render('text', crowded, { rules })).trimEnd().split('\n');
    assert.match(lines[0] ?? '', /^GATE BROKEN by 30 of your 30 files/);
    assert.match(lines.join('\n'), /\nGATE BROKEN: [^\n]+(?:\n[^\n]+)*$/);
  });

  it('has yours first in whatever way it is grouped, and names every file when asked', async () => {
    const whole = await render('text', crowded, { rules, groupBy: 'file' });
    for (const path of ['/bin/899', '/usr/local/bin/daemon-29', 'binding-39.node'])
      assert.ok(whole.includes(path), path);
    assert.ok(whole.indexOf('/usr/local/bin/daemon-0') < whole.indexOf('/app/node_modules'));
    const byRule = await render('text', crowded, { rules, groupBy: 'rule' });
    assert.match(byRule, /^pie: 70 files \(30 yours, 40 of dependencies\)$/m);
    const packages = await render('text', crowded, { rules, packages: true });
    assert.match(packages, /^package-89 1\.0/m);
  });
});

describe('a message fits a line', () => {
  for (const [message, room, want] of [
    ['is linked to a fixed address', 40, ['is linked to a fixed address']],
    ['there is no PT_GNU_RELRO: 9 pointers stay writable', 30, ['there is no PT_GNU_RELRO']],
    [
      'none of 2 functions that should check a stack canary does',
      50,
      ['no canary in any of 2 functions'],
    ],
    [
      'it will not start: its loader /lib/ld.so is missing',
      30,
      ['it will not start: its loader', '/lib/ld.so is missing'],
    ],
    [
      'it will not start: exec gunicorn: no such file or directory (it is in no folder of PATH)',
      36,
      [
        'it will not start: exec gunicorn: no',
        'such file or directory (it is in no',
        'folder of PATH)',
      ],
    ],
    [
      'imports puts, denied by ol.yaml:3: our wrapper in libacme is to be used, as the review of last year found',
      40,
      [
        'imports puts, denied by ol.yaml:3: our',
        'wrapper in libacme is to be used, as the',
        'review of last year found',
      ],
    ],
    [
      'imports puts, denied by ol.yaml:3: our wrapper in libacme is to be used, as the review of last year found',
      24,
      ['imports puts, denied', 'by ol.yaml:3: our', 'wrapper in libacme', 'is to be used, as ...'],
    ],
    [
      'it will not start: exec /app/worker: no such file or directory (its loader is /lib64/ld-linux-x86-64.so.2, which does not exist)',
      38,
      ['it will not start: exec', '/app/worker: no such file or', 'directory (its loader is ...'],
    ],
  ] as const)
    it(`in ${room} columns: ${message}`, () => assert.deepEqual(briefLines(message, room), want));
});

describe('a recorded flag counts as followed by the last option that concerns it', () => {
  const said = (rule: string, ...options: readonly string[]) => {
    const recordedFlags = known([{ compiler: 'GNU C17 12', options, units: 1 }]) as never;
    const judged = binary({
      path: '/app',
      facts: factsWith({ recordedFlags } as never),
      verdicts: [],
    });
    return fixesOf([{ target: target({}), judged, verdict: verdict({ rule }) }], {
      rules,
      toolchain: null,
    })
      .map(fixText)
      .join('\n');
  };
  for (const [rule, flag, off] of [
    ['stack-protector', '-fstack-protector-strong', '-fno-stack-protector'],
    ['stack-clash-protection', '-fstack-clash-protection', '-fno-stack-clash-protection'],
    ['control-flow-protection', '-fcf-protection', '-fcf-protection=none'],
  ] as const)
    it(rule, () => {
      assert.match(said(rule, flag, '-O2'), /compiled with \S+ already/);
      assert.match(said(rule, off, flag), /compiled with \S+ already/);
      const overruled = said(rule, flag, '-O2', off);
      assert.ok(overruled.startsWith(`${rule}: ${off} stands after ${flag}`), overruled);
      assert.doesNotMatch(said(rule, off), /recorded|records/);
    });
});

describe('a command builds all that it stands under', () => {
  const language = (...names: readonly string[]) =>
    known(names.map((name) => ({ name, version: null, evidence: [] })));
  const facts = (whose: 'yours' | 'dependency', more: object) =>
    ({ ...origin(whose, 'pypi', 'numpy'), ...more }) as never;
  const grouped = async (files: readonly ReturnType<typeof binary>[]) =>
    (await render('text', report([target({ binaries: files })]), { rules })).replaceAll(
      /\s*\\\n\s*/g,
      ' ',
    );

  it('a component in the languages of all its files, not of the first', async () => {
    const files = [language('fortran'), language('c'), language('c++', 'c')].map((spoken, at) =>
      binary({
        path: `/numpy/${at}.so`,
        facts: facts('dependency', { language: spoken }),
        verdicts: [verdict({ rule: 'stack-protector', message: 'has none' })],
      }),
    );
    const text = await grouped(files);
    for (const name of ['CFLAGS', 'CXXFLAGS', 'FFLAGS'])
      assert.match(text, new RegExp(`${name}="\\$${name} .*-fstack-protector-strong`));
    assert.match(text, /--no-binary numpy/);
  });

  it('a program of Go that its loader fails in one way that starts everywhere', async () => {
    const file = binary({
      path: '/tool',
      facts: facts('yours', { language: language('go') }),
      verdicts: [
        verdict({ rule: 'musl-linkage', message: 'it will not start' }),
        verdict({ rule: 'pie', message: 'is linked to a fixed address' }),
      ],
    });
    const text = await grouped([file]);
    assert.match(text, /CGO_ENABLED=1 .*-extldflags=-static-pie/);
    assert.doesNotMatch(text, /CGO_ENABLED=0|-ldflags=-bindnow/);
  });

  it('and says what the command line of go build takes away from GOFLAGS', async () => {
    const file = binary({
      path: '/tool',
      facts: facts('yours', { language: language('go') }),
      verdicts: [verdict({ rule: 'relro', message: 'has none' })],
    });
    assert.match(await grouped([file]), /a -ldflags of go build takes the place of the one in/);
  });

  it('code that is ready for CET is not built again for a note that start files lack', async () => {
    const controlFlow = known({ state: 'instrumented' });
    const file = binary({
      path: '/app',
      facts: facts('yours', { language: language('c'), controlFlow }),
      verdicts: [
        verdict({ rule: 'control-flow-protection', severity: 'note', message: 'lacks the note' }),
      ],
    });
    const text = await render('text', report([target({ binaries: [file] })]), { rules, all: true });
    assert.match(text, /no flag of\s+your build adds/);
    assert.doesNotMatch(text, /-fcf-protection=full/);
  });
});

describe('whose a file is, where the image does not show it, is for its reader to say', () => {
  const said = (path: string, facts: object, ...neighbours: readonly string[]) => {
    const judged = binary({ path, facts: factsWith(facts as never), verdicts: bad });
    const others = neighbours.map((each) =>
      binary({ path: each, facts: factsWith(facts as never) }),
    );
    const [first, ...rest] = bad.map((each) => ({
      target: target({ binaries: [judged, ...others] }),
      judged,
      verdict: each,
    }));
    assert.ok(first !== undefined);
    return fixesOf([first, ...rest], { rules, toolchain: null })
      .map(fixText)
      .join('\n');
  };
  const packageOf = (by: string, more = {}) => ({
    ownership: known({
      whose: 'dependency',
      component: { ecosystem: 'deb', name: 'acme d', version: '1', purl: '', group: 'acme' },
      because: 'a test says so',
      ...more,
    }),
    package: known({ name: 'acme d', maker: { by, because: 'a test says so' } }),
  });
  const own = { ownership: known({ whose: 'yours', component: null, because: 'a test says so' }) };

  it('a package of an unknown maker is claimed by its name, quoted for a shell', () =>
    assert.match(said('/usr/bin/acmed', packageOf('others')), /built by you\? --yours 'acme d' /));
  it('not one of a vendor that is known', () =>
    assert.doesNotMatch(said('/usr/bin/acmed', packageOf('vendor')), /built by you/));
  it('not one that is declared already', () =>
    assert.doesNotMatch(
      said('/usr/bin/acmed', packageOf('others', { isDeclared: true })),
      /built by you/,
    ));
  it('a runtime that others build is declared, or comes of a base image', () =>
    assert.match(said('/usr/local/bin/node', own), /not built by you\? .* --base IMAGE/));
  it('as are the libraries that lie where the runtime has them', () =>
    assert.match(
      said('/opt/java/lib/libnio.so', own, '/opt/java/lib/server/libjvm.so'),
      /not built by you/,
    ));
  it('but nothing that lies next to it', () =>
    assert.doesNotMatch(
      said('/usr/local/bin/noded', own, '/usr/local/bin/node'),
      /not built by you/,
    ));
});

for (const format of ['markdown', 'github', 'gitlab', 'junit'] as const)
  it(`${format} has every fix that the text report has`, async () => {
    const two = report([
      target({
        binaries: [
          binary({
            path: '/app',
            facts: origin('yours', 'generic', ''),
            verdicts: [
              verdict({ rule: 'stack-protector', message: 'has none' }),
              verdict({ rule: 'safe-run-path', message: 'has /tmp' }),
            ],
          }),
        ],
      }),
    ]);
    const text = (await render(format, two, { rules })).replaceAll('\\', '');
    assert.match(text, /-fstack-protector-strong/);
    assert.match(text, /Drop -Wl,-rpath/);
  });

it('a command that is broken into lines stays one command of a shell', () => {
  const text = `export CFLAGS="$CFLAGS ${'-fsome-flag '.repeat(12).trim()}" LDFLAGS='a b'`;
  const lines = fixLines({ form: 'command', text }, 60);
  assert.ok(lines.length > 2 && lines.every((line) => line.length <= 60));
  assert.ok(lines.slice(0, -1).every((line) => line.endsWith(' \\')));
  const joined = lines.join('\n').replaceAll(/ \\\n +/g, ' ');
  assert.equal(joined.replace(/^ +fix +/, ''), text);
});

describe('the remedy is in the words of what builds the file', () => {
  const said: Readonly<Record<ToolchainName, RegExp>> = {
    gcc: /^export CFLAGS="\$CFLAGS -O2 -fPIE .*" LDFLAGS="\$LDFLAGS -pie -Wl,-z,relro,-z,now"$/,
    clang: /^export CFLAGS=/,
    rustc: /^export RUSTFLAGS="\$RUSTFLAGS -C relocation-model=pie -C link-arg=-Wl,/,
    cargo: /^export RUSTFLAGS=/,
    go: /GOFLAGS="\$GOFLAGS -buildmode=pie -ldflags=-bindnow"$/,
    zig: /^export CC="zig cc /,
    cmake: /^cmake -B build .*-DCMAKE_POSITION_INDEPENDENT_CODE=ON .*&& cmake --build build$/,
    meson: /^meson setup build .*-Db_pie=true/,
    debian: /^in debian\/rules: export DEB_BUILD_MAINT_OPTIONS = hardening=\+all$/,
    rpm: /^in the spec file: %global _hardened_build 1/,
    abuild: /^in APKBUILD: export CFLAGS="\$CFLAGS /,
    buildroot: /BR2_PIC_PIE=y; BR2_RELRO_FULL=y; BR2_SSP_STRONG=y$/,
    yocto: /require conf\/distro\/include\/security_flags\.inc$/,
    openwrt:
      /CONFIG_PKG_ASLR_PIE_ALL=y; CONFIG_PKG_RELRO_FULL=y; CONFIG_PKG_CC_STACKPROTECTOR_STRONG=y$/,
    nix: /hardeningEnable = \[ "pie" "relro" "bindnow" "stackprotector" \];$/,
    gentoo: /^in \/etc\/portage\/make\.conf: CFLAGS="\$\{CFLAGS\} /,
  };
  const judged = binary({ path: '/app', facts: origin('yours', 'generic', ''), verdicts: bad });
  const [first, ...rest] = bad.map((each) => ({ target: target({}), judged, verdict: each }));
  for (const toolchain of toolchainNames)
    it(`of ${toolchain}`, () => {
      assert.ok(first !== undefined);
      const [fix] = fixesOf([first, ...rest], { rules, toolchain });
      assert.match(fix === undefined ? '' : fixText(fix), said[toolchain]);
    });
});

it('every protection that a build must have is the id of a rule', () => {
  const ids = rules.map(({ id }) => id);
  assert.deepEqual(
    protections.filter((each) => !ids.includes(each)),
    [],
  );
});
