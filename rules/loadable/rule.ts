import {
  count,
  defineRule,
  evidenceOfLink,
  fail,
  goStatically,
  installRemedies,
  isForMachine,
  type KnownFacts,
  kindsOf,
  missingSymbolsText,
  notApplicable,
  notStarted,
  obstacleText,
  pass,
  pathRemedies,
  type Remedies,
  unknown,
  type Verdict,
} from '../../src/judge/rule.ts';

type Needs = 'linkage' | 'placement' | 'machine' | 'kind' | 'judgedAsStart' | 'acceptance';
type InRoot = Extract<KnownFacts<Needs>['linkage'], { where: 'root' }>;
type Link = NonNullable<InRoot['link']>;
type Plugin = NonNullable<InRoot['plugin']>;

const startedNowhere = 'there is no root filesystem to start it in';
const endOfStart = 'the start of the image ends at it: entrypoint-starts says why';
const executedByNobody = 'no one has permission to execute it';
const refusedStart = 'it will not start under Linux';

export default defineRule({
  title: 'The program starts in this root',
  severity: 'high',
  otherSeverities: ['medium'],
  securitySeverity: 5.0,
  cwe: [1104],
  since: '0.1.0',
  rationale: `A program whose loader, libraries, symbol versions or symbols are not in the image dies at start, or at the first
call of the function that is missing. The build does not notice, because the build stage has what the final image lacks.`,
  evidence: `hullcheck links the program as the image's own loader would, without running it: the loader of PT_INTERP, every DT_NEEDED of the
program and of its libraries by that loader's search order (musl: the run paths of the chain, \`/etc/ld-musl-ARCH.path\` or
\`/lib:/usr/local/lib:/usr/lib\`; glibc: DT_RPATH, DT_RUNPATH, \`/etc/ld.so.cache\`, its system directories;
uClibc: \`/lib\` and \`/usr/lib\`, and undecided where what its loader was built with decides), the version
names required from each library (glibc), every strong undefined symbol that a relocation uses, and relocations that
the loader refuses or cannot do (under musl: IFUNC, text relocations of a program, DT_RELR before musl 1.2.4), and files that
it refuses. A program whose PT_GNU_RELRO reaches where nothing is mapped ends as well. Of glibc what its release does: until 2.35 the system and
kernel of a library's note count, since 2.36 \`DT_RELR\` does, and since 2.33 the level of processor that a file needs.
See \`readelf -d -r -V --dyn-syms FILE\`; inside the image \`ldd FILE\` shows the same.
The program is started as the image says: with \`LD_LIBRARY_PATH\` and \`LD_PRELOAD\` of its environment, from its working
directory, and by its user, who has to be allowed to read each library and to pass the folders on the way. A root
filesystem without an image configuration does not contain these: they are then taken as empty, unknown and not
restricted.
A library that a running process opens (\`dlopen\`) is linked in that process: extensions of Python, addons of Node.js,
natives of Java, modules of nginx, Apache, PostgreSQL, PAM, PHP, Ruby, Perl, iconv and OpenSSL. Where the root does not
hold the process, the names that it would define (\`Py*\`, \`napi_*\`) are taken as given. Other libraries are judged with
the programs that need them.`,
  remedied: 'root',
  yieldsTo: 'musl-linkage',
  remediation: {
    alpine: 'Install the package that provides the library: `apk add so:libNAME.so.N`.',
    debian: 'Install the package that provides the library: `apt-file search libNAME.so.N`.',
    image:
      'Copy the libraries along with the program, from the same build stage, or build it statically.',
    go: goStatically,
    rustc: 'Build for the libc and the release of the image, or `-C target-feature=+crt-static`.',
  },
  references: [
    'https://man7.org/linux/man-pages/man8/ld.so.8.html',
    'https://git.musl-libc.org/cgit/musl/tree/ldso/dynlink.c',
  ],
  exempt: {
    ...notStarted,
    ...kindsOf(['static-program'], 'a static executable needs no loader'),
    'executable-library': 'a library is judged with the programs that load it',
    loader: 'this file is a loader itself',
    kernel: 'the kernel is started by a boot loader',
  },
  judgesPacked: true,
  // A bare file lies in no root: what the rule says of roots is in test/root.
  samples: {
    pass: ['alpine-app.docker.tar:/usr/local/bin/server'],
    fail: ['root-cases.tar:/usr/bin/mixed'],
    unknown: ['root-cases.tar:/usr/bin/served-by-no-loader'],
    'not-applicable': ['x86_64-glibc-gcc-pie-hardened'],
  },
  needs: ['linkage', 'placement', 'machine', 'kind', 'judgedAsStart', 'acceptance'],
  checkAnyKind({ acceptance, placement, judgedAsStart }) {
    const because = acceptance.fault ?? acceptance.refusal;
    if (because === null) return null;
    if (acceptance.namesLoader !== true)
      return notApplicable(`it names no loader, and Linux does not start it: ${because}`);
    if (placement.where === 'bare-file') return notApplicable(startedNowhere);
    if (judgedAsStart) return notApplicable(endOfStart);
    if ((placement.mode & 0o111) === 0) return notApplicable(executedByNobody);
    return fail(`${refusedStart}: ${because}`, acceptance.evidence);
  },
  check({ linkage, placement, machine, kind, judgedAsStart, acceptance }) {
    if (kind.kind === 'shared-library') {
      return linkage.where === 'root' && linkage.plugin !== null
        ? judgePlugin(linkage.plugin)
        : notApplicable('a library is judged with the programs that load it', kind.evidence);
    }
    if (linkage.where === 'bare-file' || placement.where === 'bare-file')
      return notApplicable(startedNowhere);
    if (judgedAsStart) return notApplicable(endOfStart);
    const { interpreter, link, servedBy } = linkage;
    if (interpreter === null) return notApplicable('it names no loader');
    if ((placement.mode & 0o111) === 0) return notApplicable(executedByNobody);
    const fault = acceptance.fault ?? acceptance.refusal;
    if (fault !== null) return fail(`${refusedStart}: ${fault}`, acceptance.evidence);
    const evidence = [{ what: 'PT_INTERP', saw: interpreter.name }];
    if (interpreter.state === 'relative') {
      const because = `its loader ${interpreter.name} depends on the directory that it is started in`;
      return unknown(because, evidence);
    }
    if (interpreter.state !== 'found') {
      const why = interpreter.state === 'missing' ? 'is missing' : interpreter.because;
      const more = otherMachine(machine, linkage);
      return fail(`it will not start: its loader ${interpreter.name} ${why}${more}`, evidence);
    }
    if (interpreter.isProgram)
      return fail(
        `it will not start: its loader ${interpreter.name} is a program that needs a loader itself`,
        evidence,
      );
    if (link === null || servedBy === null) {
      return unknown(`the search rules of its loader ${interpreter.path} are not known`, evidence);
    }
    const verdict = judgeLink(link, servedBy);
    return linkage.onlyAs === undefined ? verdict : byOneName(verdict, linkage.onlyAs);
  },
});

/** A program for another machine lacks its loader for that reason, and installing one would not help. */
function otherMachine(machine: KnownFacts<Needs>['machine'], { loaders }: InRoot): string {
  const fits = loaders.some((loader) => isForMachine(loader, machine));
  if (fits || loaders.length === 0) return '';
  return `: the program is for ${machine.name}, and the root has no loader for that machine`;
}

/** `$ORIGIN` leads from one of its hard links to its libraries, and not from another. */
function byOneName(verdict: Verdict, name: string): Verdict {
  if (verdict.outcome !== 'fail') return verdict;
  const message = `by its hard link ${name} ${verdict.message}; by another one it starts`;
  return { ...verdict, message, severity: 'medium' };
}

function judgeLink(link: Link, { libc, path, through }: NonNullable<InRoot['servedBy']>): Verdict {
  const evidence = evidenceOfLink(link);
  const apart = keptApart(link);
  if (apart !== null) return apart;
  if (libc === 'uclibc' && link.missingLibraries.length === 0 && link.missingSymbols.length > 0)
    return unknown(
      `${missingSymbolsText(link.missingSymbols)}: uClibc's loader may leave that for later`,
      evidence,
    );
  const obstacle = obstacleText(link, libc);
  if (obstacle !== null) {
    const [library] = link.missingLibraries;
    const more = library === undefined ? {} : { remedies: remediesOf(library, libc) };
    return fail(`it will not start: ${obstacle}`, evidence, more);
  }
  const [undecided] = link.undecided;
  if (undecided !== undefined) return unknown(undecided, evidence);
  if (link.missingSymbols.length > 0) {
    return fail(
      `it starts, and dies at the first call: ${missingSymbolsText(link.missingSymbols)}`,
      evidence,
      {
        severity: 'medium',
      },
    );
  }
  const found = link.libraries.length - 1;
  const loader = through === null ? path : `${path}, through ${through},`;
  return pass(`${loader} finds all it needs: ${count(found, 'library')}`, evidence);
}

function judgePlugin(plugin: Plugin): Verdict {
  if (plugin.state === 'unused') return notApplicable(plugin.because);
  const who = plugin.program?.replace(/^.*\//, '') ?? plugin.host;
  const refusal = `${who} cannot ${plugin.verb} it`;
  if (plugin.state === 'ignored') {
    return fail(`${refusal}: ${plugin.because}`, [{ what: 'program', saw: plugin.program }]);
  }
  const { link, servedBy } = plugin;
  const evidence = evidenceOfLink(link);
  const obstacle = obstacleText(link, servedBy.libc);
  if (obstacle !== null) {
    // What nothing here opens, or what only those need who install what it stands on, stops no service.
    const weight = plugin.isIdle || plugin.isOptional ? ({ severity: 'medium' } as const) : {};
    return fail(`${refusal}: ${otherLibc(plugin)}${obstacle}`, evidence, {
      ...weight,
      ...pluginRemedies(plugin),
    });
  }
  const [undecided] = link.undecided;
  if (undecided !== undefined) return unknown(undecided, evidence);
  if (link.missingSymbols.length > 0) {
    const missing = missingSymbolsText(link.missingSymbols);
    const because = `${who} loads it, and dies at the first call: ${otherLibc(plugin)}${missing}`;
    return fail(because, evidence, { severity: 'medium', ...pluginRemedies(plugin) });
  }
  return pass(
    `${who} finds all it needs: ${count(link.libraries.length - 1, 'library')}`,
    evidence,
  );
}

type Linked = Extract<Plugin, { state: 'linked' }>;

function isForOtherLibc({ builtFor, servedBy }: Linked): boolean {
  return (builtFor === 'glibc' || builtFor === 'musl') && builtFor !== servedBy.libc;
}

/** The usual reason. */
function otherLibc(plugin: Linked): string {
  const { builtFor, servedBy } = plugin;
  return isForOtherLibc(plugin)
    ? `it is built for ${builtFor}, and the libc here is ${servedBy.libc}: `
    : '';
}

/** No library of the distribution makes it another build. */
function pluginRemedies(plugin: Linked): { readonly remedies?: Remedies } {
  const { link, servedBy } = plugin;
  if (isForOtherLibc(plugin)) {
    const advice = `Install it in a stage of this base image, where \`pip\` and \`npm\` take the build for ${servedBy.libc} or make one, or choose a base image with ${plugin.builtFor}.`;
    return { remedies: { image: advice } };
  }
  const [library] = link.missingLibraries;
  return library === undefined ? {} : { remedies: remediesOf(library, servedBy.libc) };
}

/** All that is missing is in the root, where wrappers lead their programs to it. */
function keptApart(link: Link): Verdict | null {
  const [first] = link.missingLibraries;
  if (first?.elsewhere === undefined) return null;
  if (link.missingLibraries.some(({ elsewhere }) => elsewhere === undefined)) return null;
  const directory = first.elsewhere.replace(/\/[^/]*$/, '') || '/';
  return fail(
    `it does not start by itself: ${first.name}, needed by ${first.neededBy}, is in ${directory}, where its loader does not look`,
    evidenceOfLink(link),
    {
      severity: 'medium',
      remedies: pathRemedies(first.elsewhere),
    },
  );
}

/** A package brings no library that the root has already, and none of another libc than its own. */
function remediesOf({ name, elsewhere }: Link['missingLibraries'][number], libc: string) {
  return elsewhere === undefined ? installRemedies(name, libc) : pathRemedies(elsewhere);
}
