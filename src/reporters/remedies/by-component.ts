import { type Component, ownershipOf } from '../groups/ownership-of.ts';
import { factAt } from './fact-at.ts';
import { advice, command, type Fix, type Located } from './fix.ts';

/** Rules of which a failure is about the file being for another root: another build of it is taken, none is made. */
const misplaced = ['musl-linkage', 'loadable', 'one-libc', 'standard-interpreter'];

/** What its own manager does about a file that somebody else made. null: nothing is known of the manager. */
export function byComponent(rules: readonly string[], file: Located): Fix | null {
  const { component } = ownershipOf(file.judged);
  if (component === null) return null;
  const isMisplaced = rules.some((rule) => misplaced.includes(rule));
  return managers[component.ecosystem]?.(component, isMisplaced, file) ?? null;
}

type Manager = (component: Component, isMisplaced: boolean, file: Located) => Fix;

const npm: Manager = ({ name }, isMisplaced, file) =>
  isMisplaced
    ? command(`npm ci --os=linux --cpu=${npmCpu(file)} --libc=${libcOf(file)}`)
    : command(`npm rebuild ${word(name)} --build-from-source`);

const pypi: Manager = ({ name, version }, isMisplaced) =>
  isMisplaced
    ? command(`pip install --force-reinstall --no-cache-dir ${word(pinned(name, version))}`)
    : command(
        `pip install --force-reinstall --no-binary ${word(name)} ${word(pinned(name, version))}`,
      );

const gem: Manager = ({ name, version }) =>
  command(
    `gem install ${word(name)}${version === '' ? '' : ` -v ${word(version)}`} --platform ruby`,
  );

const upgrade =
  (words: string): Manager =>
  ({ name }) =>
    command(`${words} ${word(name)}`);

const managers: Readonly<Record<string, Manager>> = {
  npm,
  pypi,
  gem,
  deb: upgrade('apt-get update && apt-get install --only-upgrade'),
  apk: upgrade('apk upgrade --no-cache'),
  rpm: upgrade('dnf upgrade'),
  alpm: upgrade('pacman -Syu'),
  conda: upgrade('conda update'),
  maven: ({ name }) => advice(`take another version of ${name}, or report it to its makers`),
};

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
