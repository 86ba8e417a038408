import {
  defineRule,
  type Evidence,
  fail,
  freestanding,
  type KnownFacts,
  kindsOf,
  pass,
  type Severity,
  unknown,
  worst,
} from '../../src/judge/rule.ts';

type Needs = 'searchPath' | 'placement' | 'libc' | 'linkage' | 'needed';
type Element = KnownFacts<Needs>['searchPath'][number];

/** What one element of the path allows, worst first. */
interface Danger {
  readonly severity: Severity;
  readonly message: string;
}

export default defineRule({
  title: 'The run path cannot be hijacked',
  severity: 'high',
  otherSeverities: ['critical', 'low', 'note'],
  securitySeverity: 7.8,
  cwe: [426, 427],
  since: '0.1.0',
  rationale: `A run path (\`DT_RPATH\`, \`DT_RUNPATH\`) names directories in which the loader looks for libraries before
the system's own directories. Anyone who can put a file into one of them chooses the code that the program runs, with
the program's rights. An empty or relative element means the directory from which the program is started. Everyone can
write to a world-writable directory. A directory that does not exist belongs to anyone who can create it. An absolute
directory that belongs to root is fine.`,
  evidence: `The elements of \`DT_RUNPATH\`, or of \`DT_RPATH\` where there is no \`DT_RUNPATH\` (\`readelf -d FILE\`), with
\`$ORIGIN\` expanded to the directory of the file. In an image or a root filesystem each directory is looked up there, with
its links resolved, and its mode and its parents' modes decide who may write. A bare file is judged by the path alone; \`$ORIGIN/../tmp\`
is \`/tmp\` for some places of it, and undecided. glibc
takes an empty element as the working directory, musl passes over it, and over a whole run path that holds \`$\` before anything but
\`ORIGIN\`.`,
  remediation: {
    gcc: 'Drop `-Wl,-rpath`, or name an absolute directory that only root can write: `-Wl,-rpath,/usr/lib/myapp`.',
    clang: 'Drop `-Wl,-rpath`, or name an absolute directory that only root can write.',
    rustc:
      "Leave out `-C rpath` and `-C link-arg=-Wl,-rpath,...`, which records the build's own directories.",
    go: 'Leave out `-r` in `-ldflags` and `-Wl,-rpath` in `CGO_LDFLAGS`.',
    cmake:
      "Set `CMAKE_INSTALL_RPATH` and install with `cmake --install`, which replaces the build tree's run path; or set `CMAKE_SKIP_RPATH`.",
    alpine:
      '`patchelf --remove-rpath FILE` (package `patchelf`) or `chrpath -d FILE` in `package()` of the APKBUILD.',
    debian:
      '`chrpath -d FILE` in `debian/rules`, or `-DCMAKE_SKIP_RPATH=ON` for cmake (debhelper sets it).',
    image:
      'Give the directory to root and remove the write permission of others: `chown root:root DIR && chmod 755 DIR`.',
  },
  references: [
    'https://man7.org/linux/man-pages/man8/ld.so.8.html',
    'https://git.musl-libc.org/cgit/musl/tree/ldso/dynlink.c',
    'https://wiki.debian.org/RpathIssue',
  ],
  exempt: {
    ...freestanding,
    ...kindsOf(['static-program'], 'a static executable loads no libraries'),
    ...kindsOf(
      ['object', 'kernel-code', 'record'],
      (called) => `${called} is not loaded by a dynamic loader`,
    ),
  },
  judgesPacked: true,
  samples: {
    pass: [
      'x86_64-glibc-gcc-pie-hardened',
      'x86_64-glibc-gcc-pie-runpath-absolute',
      'x86_64-glibc-gcc-pie-runpath-origin',
      'x86_64-glibc-gcc-lib-rpath-origin',
      'aarch64-musl-gcc-pie-runpath-absolute',
    ],
    fail: [
      'x86_64-glibc-gcc-pie-runpath-empty',
      'x86_64-glibc-gcc-pie-runpath-relative',
      'x86_64-glibc-gcc-pie-rpath-relative',
      'x86_64-glibc-gcc-pie-runpath-tmp',
      'x86_64-glibc-gcc-pie-runpath-build',
      'x86_64-musl-gcc-pie-rpath-tmp',
      'aarch64-glibc-gcc-pie-runpath-relative',
    ],
    unknown: ['x86_64-glibc-gcc-pie-runpath-lib'],
    'not-applicable': ['x86_64-musl-gcc-static-none-stripped'],
  },
  needs: ['searchPath', 'placement', 'libc', 'linkage', 'needed'],
  check(facts) {
    const elements = effective(facts.searchPath);
    if (elements.length === 0) return pass('no run path is set');
    const evidence = elements.map(describe);
    const void_ = isReadByMusl(facts) ? elements.find(isVoidUnderMusl) : undefined;
    if (void_ !== undefined) {
      return pass(`musl passes over the whole run path for "${void_.element}"`, evidence);
    }
    const dangers = elements.flatMap((element) => dangerOf(element, facts) ?? []);
    const danger = worst(dangers);
    if (danger !== undefined) return fail(danger.message, evidence, { severity: danger.severity });
    const undecided = elements.find(
      ({ element, leads }) =>
        (leads.to === 'directory' && leads.state === 'not-known' && leads.path.includes('$LIB')) ||
        (isReadByMusl(facts) && isOriginOfMusl(element)),
    );
    if (undecided)
      return unknown(`"${undecided.element}" depends on the loader's own names`, evidence);
    const climbing = elements.find(({ leads }) => mayBeShared(leads));
    if (climbing) {
      return unknown(
        `whether "${climbing.element}" is a directory that everybody may write to depends on where the file lies`,
        evidence,
      );
    }
    const isKnown = elements.every(
      ({ leads }) => leads.to !== 'directory' || leads.state !== 'not-known',
    );
    return pass(
      isKnown
        ? 'every directory of the run path is one that only root can change'
        : 'no element of the run path names a directory that others are known to change',
      evidence,
    );
  },
});

/** Both loaders ignore DT_RPATH if there is a DT_RUNPATH. */
function effective(elements: readonly Element[]): readonly Element[] {
  const runPath = elements.filter(({ tag }) => tag === 'DT_RUNPATH');
  return runPath.length > 0 ? runPath : elements;
}

/** ldso/dynlink.c, fixup_rpath: any dollar sign that does not begin `$ORIGIN`, with or without braces, voids all of it. */
function isVoidUnderMusl({ element }: Element): boolean {
  return /\$(?!ORIGIN|\{ORIGIN\})/.test(element);
}

/**
 * By the loader that serves it here: anyone can give any file musl's name. A library is read by the loader of its
 * process, which
 * is musl for certain where there is no other.
 */
function isReadByMusl({ linkage, libc, needed }: KnownFacts<Needs>): boolean {
  const looksSo = libc.name === 'musl' && !needed.includes('libc.so.6');
  if (linkage.where === 'bare-file') return looksSo;
  const { interpreter, servedBy, plugin, loaders } = linkage;
  if (servedBy !== null) return servedBy.libc === 'musl';
  if (interpreter?.state === 'found') return false;
  if (plugin?.state === 'linked') return plugin.servedBy.libc === 'musl';
  return looksSo && loaders.every((loader) => loader.libc === 'musl');
}

/** `$ORIGINlib`: musl takes the beginning for the directory of the file, glibc takes all of it for a name. */
function isOriginOfMusl(element: string): boolean {
  return /^\$ORIGIN\w/.test(element);
}

function describe({ tag, element, leads }: Element): Evidence {
  const target = leads.to === 'directory' ? `${leads.path} (${leads.state})` : leads.to;
  return { what: `${tag} element`, saw: `"${element}", leads to ${target}` };
}

function dangerOf(element: Element, facts: KnownFacts<Needs>): Danger | null {
  const { leads } = element;
  const { placement } = facts;
  const privileged =
    placement.where === 'root' &&
    (placement.setuid || placement.setgid || placement.capabilities.length > 0);
  const asPrivileged = privileged ? 'critical' : 'high';
  switch (leads.to) {
    case 'nowhere':
      return null;
    case 'working-directory':
      if ((element.element === '' || isOriginOfMusl(element.element)) && isReadByMusl(facts))
        return null;
      return {
        severity: asPrivileged,
        message: `${element.element === '' ? 'an empty run path element' : `the run path element "${element.element}"`} is the directory from which the program is started`,
      };
    case 'directory':
      if (privileged && leads.fromOrigin) {
        return {
          severity: 'high',
          message: `"${element.element}" in a privileged file: anyone who links the file elsewhere chooses the directory`,
        };
      }
      return dangerOfDirectory(leads, asPrivileged);
  }
}

/** Directories that everybody may write by convention, and those in which builds take place. */
const shared = /^\/(tmp|var\/tmp|dev\/shm|run\/lock|var\/lock)(\/|$)/;
const builds = /^\/(home|root|build|builds|buildroot|workspace|usr\/src|usr\/obj|mnt|media)(\/|$)/;

type Directory = Extract<Element['leads'], { to: 'directory' }>;

/** `$ORIGIN/../../tmp` of a file whose place is not known: it is /tmp two folders below the root, and at the root itself. */
function mayBeShared(leads: Element['leads']): boolean {
  if (leads.to !== 'directory' || !leads.fromOrigin || leads.state !== 'not-known') return false;
  const below: string[] = [];
  let climbs = false;
  for (const part of leads.path.replace(/^\$(?:ORIGIN|\{ORIGIN\})/, '').split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') below.push(part);
    else if (below.pop() === undefined) climbs = true;
  }
  return climbs && shared.test(`/${below.join('/')}`);
}

function dangerOfDirectory(
  { path, state, fromOrigin }: Directory,
  severity: Severity,
): Danger | null {
  switch (state) {
    case 'writable-by-others':
      return {
        severity,
        message: `everybody may write to ${path}, where the run path looks for libraries`,
      };
    case 'creatable':
      return {
        severity,
        message: `${path} is in the run path, does not exist, and everybody may create it`,
      };
    case 'missing':
      if (shared.test(path))
        return {
          severity,
          message: `${path} is in the run path and lies where everybody may write`,
        };
      return {
        severity: fromOrigin ? 'note' : 'low',
        message: `${path} is in the run path and does not exist in the root`,
      };
    case 'not-known':
      if (shared.test(path))
        return {
          severity,
          message: `${path} is in the run path and lies where everybody may write`,
        };
      if (builds.test(path))
        return {
          severity: 'low',
          message: `${path} is in the run path and looks like a directory of the machine that built it`,
        };
      return null;
    case 'safe':
    case 'not-a-directory':
      return null;
  }
}
