import { type Component, ownershipOf } from '../groups/ownership-of.ts';
import { forLanguages } from './compilers.ts';
import { factAt } from './fact-at.ts';
import { advice, command, type Fix, type Located } from './fix.ts';
import type { Protection } from './needs.ts';

/** Rules of which a failure is about the file being for another root: another build of it is taken, none is made. */
const misplaced = ['musl-linkage', 'loadable', 'one-libc', 'standard-interpreter'];

/**
 * What its own manager does about files that somebody else made: it takes another build of them, or builds them with flags.
 * null: nothing is known of the manager.
 */
export function byComponent(
  rules: readonly string[],
  wanted: ReadonlySet<Protection>,
  file: Located,
  languages: Languages,
): Fix | null {
  const { component } = ownershipOf(file.judged);
  if (component === null) return null;
  const isMisplaced = rules.some((rule) => misplaced.includes(rule));
  return (
    managers.get(component.ecosystem)?.(component, isMisplaced, { file, languages, wanted }) ?? null
  );
}

/** Of each file that one command builds. */
export type Languages = readonly (readonly string[])[];

interface Built {
  readonly file: Located;
  readonly languages: Languages;
  readonly wanted: ReadonlySet<Protection>;
}

type Manager = (component: Component, isMisplaced: boolean, built: Built) => Fix;

/** A build from source with the flags that its makers did not give. */
function built(words: string, { file, languages, wanted }: Built): Fix {
  const flags = forLanguages(languages, wanted, file);
  return command(flags?.form === 'command' ? `${flags.text} && ${words}` : words);
}

const npm: Manager = ({ name, isPrebuilt }, isMisplaced, of) => {
  const { file } = of;
  if (isMisplaced) return command(`npm ci --os=linux --cpu=${npmCpu(file)} --libc=${libcOf(file)}`);
  // Binaries of one platform, as optional dependencies: there is nothing to build in such a package.
  if (/[-/]linux-[a-z0-9]+(?:-gnu|-musl)?$/.test(name))
    return advice(`${name} is built by its makers: report it there, or accept it: hullcheck waive`);
  if (isPrebuilt === true)
    return advice(
      `${name} comes built, and has nothing to build: take another version, ask its makers, or declare it under dependencies: in hullcheck.yaml`,
    );
  return built(`npm rebuild ${word(name)} --build-from-source`, of);
};

const pypi: Manager = ({ name, version }, isMisplaced, of) =>
  isMisplaced
    ? command(`pip install --force-reinstall --no-cache-dir ${word(pinned(name, version))}`)
    : built(
        `pip install --force-reinstall --no-binary ${word(name)} ${word(pinned(name, version))}`,
        of,
      );

const gem: Manager = ({ name, version }, _isMisplaced, of) =>
  built(
    `gem install ${word(name)}${version === '' ? '' : ` -v ${word(version)}`} --platform ruby`,
    of,
  );

const upgrade =
  (words: string): Manager =>
  ({ name }, _isMisplaced, { file }) =>
    factAt(file, 'package.maker.by') === 'others'
      ? advice(`no known repository has ${name}: take another build of it from who made it`)
      : command(`${words} ${word(name)}`);

const managers: ReadonlyMap<string, Manager> = new Map([
  ['npm', npm],
  ['pypi', pypi],
  ['gem', gem],
  ['deb', upgrade('apt-get update && apt-get install --only-upgrade')],
  ['apk', upgrade('apk upgrade --no-cache')],
  ['rpm', upgrade('dnf upgrade')],
  ['alpm', upgrade('pacman -Syu')],
  ['conda', upgrade('conda update')],
  ['maven', ({ name }) => advice(`take another version of ${name}, or report it to its makers`)],
]);

/** https://docs.npmjs.com/cli/v10/commands/npm-install: as npm calls machines. */
function npmCpu(file: Located): string {
  const machine = String(factAt(file, 'machine.name'));
  const named = { 'x86-64': 'x64', aarch64: 'arm64', i386: 'ia32', ppc64le: 'ppc64' }[machine];
  return named ?? machine;
}

/** Of the root: a file that is built for another libc says nothing of it. */
function libcOf({ target }: Located): 'musl' | 'glibc' {
  return target.os?.id === 'alpine' || target.os?.id === 'wolfi' ? 'musl' : 'glibc';
}

function pinned(name: string, version: string): string {
  return version === '' ? name : `${name}==${version}`;
}

/** Names come from the image: what a shell would take for more than a word is quoted. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
