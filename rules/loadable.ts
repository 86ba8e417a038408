import {
  defineRule,
  type Evidence,
  fail,
  type KnownFacts,
  notApplicable,
  pass,
  unknown,
  type Verdict,
} from '../src/rule.ts';

type InRoot = Extract<KnownFacts<'linkage'>['linkage'], { where: 'root' }>;
type Link = NonNullable<InRoot['link']>;

export default defineRule({
  title: 'The program starts in this root',
  severity: 'high',
  securitySeverity: 5.0,
  cwe: [1104],
  since: '0.1.0',
  rationale: `A program whose loader, libraries, symbol versions or symbols are not in the image dies at start, or at the first
call of the function that is missing. Builds do not notice: the build stage has what the final image lacks.`,
  evidence: `The program is linked on paper, as the image's own loader would: the loader of PT_INTERP, every DT_NEEDED of the
program and of its libraries by that loader's search order (musl: the run paths of the chain, \`/etc/ld-musl-ARCH.path\` or
\`/lib:/usr/local/lib:/usr/lib\`; glibc: DT_RPATH, DT_RUNPATH, \`/etc/ld.so.cache\`, its system directories), the version
names that are asked of each library (glibc), and every strong undefined symbol that a relocation uses. See
\`readelf -d -V --dyn-syms FILE\`; inside the image \`ldd FILE\` shows the same. Libraries that a program opens at run time
(plugins, \`dlopen\`) are not part of it.`,
  remediation: {
    alpine: 'Install the package that provides the library: `apk add so:libNAME.so.N`.',
    debian: 'Install the package that provides the library: `apt-file search libNAME.so.N`.',
    image:
      'Copy the libraries along with the program, from the same build stage, or build it statically.',
    go: 'Build with `CGO_ENABLED=0`.',
    rustc: 'Build for the libc and the release of the image, or `-C target-feature=+crt-static`.',
  },
  references: [
    'https://man7.org/linux/man-pages/man8/ld.so.8.html',
    'https://git.musl-libc.org/cgit/musl/tree/ldso/dynlink.c',
  ],
  exempt: {
    'static-executable': 'a static executable needs no loader',
    'static-pie': 'a static executable needs no loader',
    'shared-library': 'a library is judged with the programs that load it',
    'executable-library': 'a library is judged with the programs that load it',
    loader: 'this file is a loader itself',
    object: 'an object file is not started',
    'kernel-module': 'a kernel module is not started',
    core: 'a core file is not started',
    'debug-only': 'a file of debug information is not started',
  },
  judgesPacked: true,
  samples: { pass: [], fail: [] },
  needs: ['linkage'],
  check({ linkage }) {
    if (linkage.where === 'bare-file')
      return notApplicable('there is no root filesystem to start it in');
    const { interpreter, link } = linkage;
    if (interpreter === null) return notApplicable('it names no loader');
    if (interpreter.state === 'missing')
      return fail(`it will not start: its loader ${interpreter.name} is missing`, []);
    if (interpreter.state === 'unusable') {
      return fail(`it will not start: its loader ${interpreter.name} ${interpreter.because}`, []);
    }
    if (link === null)
      return unknown(`the search rules of its loader ${interpreter.path} are not known`);
    return judgeLink(link, interpreter.path);
  },
});

function judgeLink(link: Link, loader: string): Verdict {
  const evidence = evidenceOf(link);
  const [library] = link.missingLibraries;
  if (library !== undefined) {
    const why = library.because ?? `looked in ${library.searched.join(', ') || 'no directory'}`;
    return fail(
      `it will not start: ${library.name}, needed by ${library.neededBy}, is not found (${why})`,
      evidence,
    );
  }
  const [version] = link.missingVersions;
  if (version !== undefined) {
    return fail(
      `it will not start: ${version.library} here has no version ${version.version}, which ${version.neededBy} needs`,
      evidence,
    );
  }
  const atStart = link.missingSymbols.filter((symbol) => !symbol.atFirstCall);
  if (atStart.length > 0) return fail(`it will not start: ${listed(atStart)}`, evidence);
  const [undecided] = link.undecided;
  if (undecided !== undefined) return unknown(undecided, evidence);
  if (link.missingSymbols.length > 0) {
    return fail(`it starts, and dies at the first call: ${listed(link.missingSymbols)}`, evidence, {
      severity: 'medium',
    });
  }
  const found = link.libraries.length - 1;
  return pass(
    `${loader} finds all it needs: ${found === 1 ? '1 library' : `${found} libraries`}`,
    evidence,
  );
}

function listed(symbols: Link['missingSymbols']): string {
  const [first] = symbols;
  const more = symbols.length > 1 ? ` and ${symbols.length - 1} more` : '';
  return `nothing defines ${first?.name}${more}, needed by ${first?.neededBy}`;
}

/** What is missing in full, up to a length that a person reads. */
const most = 20;

function evidenceOf(link: Link): Evidence[] {
  return [
    ...link.missingLibraries.map(({ name, neededBy }) => ({
      what: 'missing library',
      saw: `${name}, needed by ${neededBy}`,
    })),
    ...link.missingVersions.map(({ version, library }) => ({
      what: 'missing version',
      saw: `${version} in ${library}`,
    })),
    ...link.missingSymbols.map(({ name, neededBy }) => ({
      what: 'missing symbol',
      saw: `${name}, needed by ${neededBy}`,
    })),
    ...link.libraries.slice(1).map(({ path }) => ({ what: 'library', saw: path })),
  ].slice(0, most);
}
