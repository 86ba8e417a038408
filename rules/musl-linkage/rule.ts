import {
  defineRule,
  describeLoader,
  type Evidence,
  fail,
  goStatically,
  isForMachine,
  type KnownFacts,
  kindsOf,
  lacksAnything,
  libcOfLibrary,
  libcOfLoader,
  loadersInstead,
  notApplicable,
  notStarted,
  pass,
  unknown,
  type Verdict,
} from '../../src/judge/rule.ts';

type Needs =
  | 'linkage'
  | 'placement'
  | 'libc'
  | 'interpreter'
  | 'needed'
  | 'machine'
  | 'kind'
  | 'otherSystem'
  | 'judgedAsStart';
type InRoot = Extract<KnownFacts<Needs>['linkage'], { where: 'root' }>;

export default defineRule({
  title: "The binary's libc is the image's libc",
  severity: 'high',
  securitySeverity: 5.5,
  cwe: [1104],
  since: '0.1.0',
  rationale: `A program built for glibc that is copied into a musl image (Alpine), or the reverse, does not start: the kernel
answers "not found" of a file that is plainly there, because the loader that the file names is missing. Where a
compatibility layer stands in for the loader, the program dies later, at the first symbol that the other libc lacks. The
image then ships without the service, or without the check that the program was to make.`,
  evidence: `The loader named by PT_INTERP (\`readelf -l FILE\`) is looked up in the image, with its links resolved there, and
its own libc is read from its bytes; then hullcheck links the program by that loader's rules, without running it. A library names no loader:
the libraries it needs (\`readelf -d FILE\`) show its libc, and the loaders in the image show which one will load it. A bare file
is judged by whether its loader and its needed libraries belong to the same libc.`,
  remedied: 'root',
  remediation: {
    gcc: 'Build inside the image that will run it, or with a compiler for its libc (for musl: `musl-gcc` of musl-tools).',
    clang: 'Build with `--target=x86_64-linux-musl` and a sysroot of the image that will run it.',
    rustc:
      'Build with `--target x86_64-unknown-linux-musl` for Alpine, `x86_64-unknown-linux-gnu` for glibc images.',
    go: goStatically,
    zig: 'Build with `-target x86_64-linux-musl` or `-target x86_64-linux-gnu.2.36`.',
    cmake: 'Use a toolchain file whose sysroot is the image that will run it.',
    alpine:
      'Build it on Alpine (a stage `FROM alpine` with `apk add build-base`) or link it statically. Of a program that you download, take the build for musl or the package of apk, or choose a base image with glibc (`FROM debian:stable-slim`); as a last resort `apk add gcompat`.',
    debian:
      'Take the build for glibc, or the package of apt; to keep the musl program, `apt-get install musl`.',
    image: 'Copy the binary from a build stage whose base image has the same libc.',
  },
  references: [
    'https://wiki.musl-libc.org/functional-differences-from-glibc.html',
    'https://wiki.alpinelinux.org/wiki/Running_glibc_programs',
    'https://man7.org/linux/man-pages/man8/ld.so.8.html',
  ],
  exempt: {
    ...notStarted,
    'static-executable': 'a static executable brings its own libc',
    loader: 'this file is a loader itself',
    object: 'an object file is not linked yet',
    ...kindsOf(['kernel-code'], (called) => `${called} uses no libc`),
  },
  judgesPacked: true,
  samples: {
    pass: [
      'aarch64-other-clang-pie-android',
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-glibc-gcc-lib-hardened',
      'x86_64-musl-gcc-pie-alpine',
      'x86_64-musl-gcc-lib-hardened',
      'aarch64-musl-gcc-pie-alpine',
      's390x-glibc-gcc-pie-hardened',
    ],
    fail: [
      'x86_64-glibc-gcc-pie-muslinterpreter',
      'x86_64-musl-gcc-pie-glibcinterpreter',
      'aarch64-glibc-gcc-pie-otherinterpreter',
      'aarch64-musl-gcc-pie-otherinterpreter',
    ],
    unknown: ['root-cases.tar:/usr/bin/served-by-no-loader'],
    'not-applicable': [
      'x86_64-other-clang-pie-freebsd',
      'x86_64-other-clang-pie-fuchsia',
      'x86_64-musl-gcc-static-none-stripped',
      'x86_64-musl-gcc-loader',
    ],
  },
  needs: [
    'linkage',
    'placement',
    'libc',
    'interpreter',
    'needed',
    'machine',
    'kind',
    'otherSystem',
    'judgedAsStart',
  ],
  check(facts) {
    const { linkage, placement, libc, interpreter, needed, kind } = facts;
    if (interpreter === null && needed.length === 0) {
      return notApplicable('it names no loader and needs no library: it brings or needs no libc');
    }
    if (libc.how === 'itself')
      return notApplicable(`this file is ${libc.name} itself`, libc.evidence);
    if (linkage.where === 'bare-file' || placement.where === 'bare-file') return judgeAlone(facts);
    if (
      interpreter !== null &&
      kind.kind !== 'executable-library' &&
      (placement.mode & 0o111) === 0
    )
      return notApplicable('no one has permission to execute it');
    // Its interpreter counts only where it is started itself.
    if (linkage.interpreter !== null && kind.kind !== 'executable-library')
      return asStart(judgeProgram(facts, linkage), facts);
    return judgeLibrary(facts, linkage);
  },
});

const withItsLoader =
  'Copy the loader to the path that the program names (it is in libc6 of Debian), or use a base image with glibc for its machine.';

/** Without a root only the file itself can contradict itself. */
function judgeAlone({ interpreter, needed, libc, otherSystem }: KnownFacts<Needs>): Verdict {
  if (otherSystem !== null) {
    const { name, evidence } = otherSystem;
    return notApplicable(`it is for ${name}, which has a C library of its own`, evidence);
  }
  const asked = interpreter === null ? null : libcOfLoader(interpreter);
  const library = needed.find((name) => libcOfLibrary(name, libc.name) !== null);
  const linked = library === undefined ? null : libcOfLibrary(library, libc.name);
  const evidence: Evidence[] = [
    { what: 'PT_INTERP', saw: interpreter ?? 'none' },
    { what: 'DT_NEEDED', saw: needed.join(', ') || 'none' },
  ];
  if (asked !== null && linked !== null && asked !== linked) {
    return fail(
      `it names the loader of ${asked}, ${interpreter}, but is linked with ${linked}'s ${library}`,
      evidence,
    );
  }
  const only = asked ?? linked;
  if (only === null)
    return unknown(`its libc is ${libc.name}; there is no root to compare it with`, evidence);
  return pass(`its loader and its libraries are those of ${only}`, evidence);
}

/** What the start of the image ends at is said of the image. */
function asStart(verdict: Verdict, { judgedAsStart }: KnownFacts<Needs>): Verdict {
  return judgedAsStart && verdict.outcome === 'fail'
    ? notApplicable(
        'the start of the image ends at it: entrypoint-starts says why',
        verdict.evidence,
      )
    : verdict;
}

function judgeProgram({ libc, machine }: KnownFacts<Needs>, linkage: InRoot): Verdict {
  const { interpreter, loaders, servedBy } = linkage;
  const evidence = [...libc.evidence, ...loaders.map(describeLoader)];
  if (interpreter === null) return unknown('it names no loader', evidence);
  const { name } = interpreter;
  switch (interpreter.state) {
    case 'relative':
      return unknown(`its loader ${name} depends on the directory that it is started in`, evidence);
    case 'missing':
      return fail(
        `it will not start: its loader ${name} is missing${loadersInstead(libc.name, machine, loaders)}`,
        evidence,
        // In a root of musl, the remedies of the rule are right.
        libc.name === 'glibc' && loaders.every((loader) => loader.libc !== 'musl')
          ? { remedies: { image: withItsLoader } }
          : {},
      );
    case 'unusable':
      return fail(`it will not start: its loader ${name} ${interpreter.because}`, evidence);
    case 'found':
      if (interpreter.libc === libc.name) {
        return pass(`it is built for ${libc.name}, and ${interpreter.path} loads it`, evidence);
      }
      if (servedBy === null) {
        const because = `built for ${libc.name}, loaded by ${interpreter.path}, whose libc is not known`;
        return unknown(because, evidence);
      }
      return judgeForeign(libc.name, linkage, servedBy, evidence);
  }
}

/** The loader is there but belongs to another libc: a compatibility layer, or a link that someone made. */
function judgeForeign(
  builtFor: string,
  { link }: InRoot,
  { path, libc, through }: NonNullable<InRoot['servedBy']>,
  evidence: readonly Evidence[],
): Verdict {
  const loader = through === null ? `${path} (${libc})` : `${path} (${libc}) with ${through}`;
  const [symbol] = link?.missingSymbols ?? [];
  if (symbol !== undefined) {
    const others = (link?.missingSymbols.length ?? 1) - 1;
    const more = others > 0 ? ` and ${others} more` : '';
    return fail(`it will not start: ${loader} does not define ${symbol.name}${more}`, evidence);
  }
  const [library] = link?.missingLibraries ?? [];
  if (library !== undefined)
    return fail(`it will not start: ${library.name} is missing under ${libc}`, evidence);
  const [refused] = link?.refusedFiles ?? [];
  if (refused !== undefined)
    return fail(`it will not start: ${refused.path} ${refused.because}`, evidence);
  return pass(
    `it is built for ${builtFor}, and ${loader} has everything that it requires`,
    evidence,
  );
}

/** A library goes where its process goes. */
function judgeLibrary(facts: KnownFacts<Needs>, linkage: InRoot): Verdict {
  const { libc, machine } = facts;
  const { loaders, plugin } = linkage;
  const evidence = [...libc.evidence, ...loaders.map(describeLoader)];
  const suitable = loaders.filter((loader) => isForMachine(loader, machine));
  if (plugin?.state === 'unused') return notApplicable(plugin.because, evidence);
  if (libc.name !== 'glibc' && libc.name !== 'musl' && libc.name !== 'uclibc') {
    return unknown(`its libc is ${libc.name}: the program that loads it decides`, evidence);
  }
  if (suitable.some((loader) => loader.libc === libc.name)) {
    return pass(`it is built for ${libc.name}, which the root has`, evidence);
  }
  const [loader] = suitable;
  if (loader === undefined) {
    return unknown(
      `it is built for ${libc.name}; the root has no loader for its machine`,
      evidence,
    );
  }
  if (libc.name === 'uclibc')
    return unknown('it is built for uclibc, and the root has no loader of it', evidence);
  return plugin === null
    ? judgeForeignLibrary(facts, linkage, loader.libc, evidence)
    : judgePlugin(libc.name, plugin, evidence);
}

/** What keeps it from being loaded is the matter of `loadable`, and said there. */
function judgePlugin(
  builtFor: string,
  plugin: NonNullable<InRoot['plugin']>,
  evidence: readonly Evidence[],
): Verdict {
  if (plugin.state !== 'linked' || lacksAnything(plugin.link)) {
    return notApplicable('it cannot be loaded here: see the rule loadable', evidence);
  }
  const { path, libc } = plugin.servedBy;
  return pass(
    `it is built for ${builtFor}, and ${path} (${libc}) has everything that it requires`,
    evidence,
  );
}

function judgeForeignLibrary(
  { libc, needed }: KnownFacts<Needs>,
  { foreign }: InRoot,
  here: string,
  evidence: readonly Evidence[],
): Verdict {
  const has = `the root has only ${here}`;
  if (libc.name === 'musl')
    return fail(`it will not load: it is built for musl, and ${has}`, evidence);
  if (foreign?.loadedFor != null)
    return notApplicable(`it is judged with ${foreign.loadedFor}, which loads it`, evidence);
  const own = needed.find((name) => /^ld-linux|^ld64\.so|^libc\.musl-/.test(name));
  if (own !== undefined)
    return fail(`it will not load: it needs ${own} of glibc, and ${has}`, evidence);
  if (foreign === null) return unknown(`it is built for glibc, and ${has}`, evidence);
  const [library] = foreign.missingLibraries;
  if (library !== undefined)
    return fail(`it will not load: ${library}, which it needs, is not here, and ${has}`, evidence);
  const [name] = foreign.missingNames;
  if (name === undefined)
    return pass(`it is built for glibc, and ${here} has all that it takes from it`, evidence);
  const more =
    foreign.missingNames.length > 1 ? ` and ${foreign.missingNames.length - 1} more` : '';
  return fail(`it will not load: it takes ${name}${more} from glibc, and ${has}`, evidence);
}
