import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { layoutBuilder, tarOf } from '../sources/image-builder.ts';
import { elf } from '../sources/input-samples.ts';
import { repositoryRoot } from '../support/repository.ts';

/** By name; one that ends in `/` is a folder. */
export type Files = Readonly<Record<string, string | Buffer | (() => Buffer | Promise<Buffer>)>>;

export interface Refusal {
  readonly name: string;
  readonly files?: Files;
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly sentence: string;
}

const text: Files = { TEXT: 'hello '.repeat(200) };
const app: Files = {
  'app.tar': () => readFileSync(join(repositoryRoot, 'samples/images/alpine-app.docker.tar')),
};
const program: Files = { program: elf };
const builder = layoutBuilder();
const withoutLayers: Files = Object.fromEntries(
  [...builder.index(builder.image({ layers: [] }))].map(([name, bytes]) => [`bare/${name}`, bytes]),
);
const missing = 'no such file or directory';

/** Names that a person meant as an image, a file or both. */
const names: readonly Refusal[] = [
  {
    name: 'a package that is not here is not an image in a registry',
    argv: ['x.deb'],
    sentence: `x.deb: ${missing}`,
  },
  {
    name: 'a package of a name that is spelled otherwise',
    files: { 'tool_1.0_amd64.deb': '' },
    argv: ['tol_1.0_amd64.deb'],
    sentence: `tol_1.0_amd64.deb: ${missing}; did you mean tool_1.0_amd64.deb?`,
  },
  {
    name: 'an image of an archive that is not here',
    argv: ['app.tar:v1'],
    sentence: `app.tar:v1: ${missing}`,
  },
  {
    name: 'an image of an archive that is spelled otherwise',
    files: { 'apps.tar': '' },
    argv: ['app.tar:version-1'],
    sentence: `app.tar:version-1: ${missing}; did you mean apps.tar:version-1?`,
  },
  {
    name: 'an image of a compressed archive in a folder that is not here',
    argv: ['team/app.tar.gz:1'],
    sentence: `team/app.tar.gz:1: ${missing}`,
  },
  {
    name: 'a file of a scheme is not an image in a registry',
    argv: ['docker-archive:app'],
    sentence: `app: ${missing}`,
  },
  {
    name: 'an image below a folder that is here',
    files: { 'images/': '' },
    argv: ['images/app:1'],
    sentence: `images/app:1: ${missing}; an image of this name in a registry is registry:images/app:1`,
  },
  {
    name: 'an image behind ../',
    argv: ['../x/y:1'],
    sentence: `../x/y:1: ${missing}; it is a path, as it begins with ../, and an image in a registry is registry:x/y:1`,
  },
  {
    name: 'an image behind ./',
    argv: ['./x:1'],
    sentence: `./x:1: ${missing}; it is a path, as it begins with ./, and an image in a registry is registry:x:1`,
  },
  {
    name: 'a path with a colon that is not the name of an image either',
    argv: ['./Some Where:1'],
    sentence: `./Some Where:1: ${missing}; it is a path, as it begins with ./`,
  },
  {
    name: 'a hidden name',
    argv: ['.hidden:1'],
    sentence: `.hidden:1: ${missing}; nor is it the name of an image, which is [HOST[:PORT]/]NAME[:TAG][@DIGEST]`,
  },
  {
    name: 'two colons',
    argv: ['gibt:es:nicht'],
    sentence: `gibt:es:nicht: ${missing}; nor is it the name of an image, which is [HOST[:PORT]/]NAME[:TAG][@DIGEST]`,
  },
  {
    name: 'the address of an image in capitals',
    argv: ['https://reg.example/UP'],
    sentence: `https://reg.example/UP: ${missing}; an image in a registry is named without its protocol and in lower case: registry:reg.example/up`,
  },
  {
    name: 'the address of something else',
    argv: ['http://reg.example/?q'],
    sentence: `http://reg.example/?q: ${missing}; an image in a registry is named without http:// or https://`,
  },
  {
    name: 'the address of a file',
    argv: ['https://reg.example/app.tar.gz'],
    sentence: `https://reg.example/app.tar.gz: ${missing}; files are not downloaded: save it first, and name the file`,
  },
  {
    name: 'an image in capitals, whose tag stays as it is',
    argv: ['reg:5000/Team/App:RC1'],
    sentence: `reg:5000/Team/App:RC1: ${missing}; as an image in a registry, its name is in lower case: registry:reg:5000/team/app:RC1`,
  },
  {
    name: 'half a digest',
    argv: ['reg.example/app@sha256:abc'],
    sentence: `reg.example/app@sha256:abc: ${missing}; as an image in a registry, its digest is not sha256: and 64 digits, or sha512: and 128, in lower case`,
  },
  {
    name: 'an image whose name a folder has',
    files: { 'node/': '' },
    argv: ['node:20'],
    sentence:
      '"20" chooses among images, and dir:node is not an image; an image in a registry is registry:node:20',
  },
  {
    name: 'a name of a registry in capitals',
    argv: ['registry:Alpine'],
    sentence:
      'Alpine is not a reference of an image, expected [HOST[:PORT]/]NAME[:TAG][@DIGEST] in lower case',
  },
];

const content: readonly Refusal[] = [
  ...['docker-archive', 'oci-archive', 'rootfs'].map((scheme) => ({
    name: `a text as ${scheme}`,
    files: text,
    argv: [`${scheme}:TEXT`],
    sentence:
      'TEXT is not a tar, raw or compressed by gzip, zstd, xz, bzip2, lzma, lzip, lz4 or lzop',
  })),
  {
    name: 'a text as an ELF file',
    files: text,
    argv: ['file:TEXT'],
    sentence: 'TEXT is not an ELF file: it does not begin with \\x7fELF',
  },
  {
    name: 'a text as a folder of packages',
    files: text,
    argv: ['packages:TEXT'],
    sentence: 'TEXT is not a directory, which packages: requires',
  },
  {
    name: 'a text as a zip archive',
    files: text,
    argv: ['zip:TEXT'],
    sentence: 'TEXT is not a zip archive',
  },
  {
    name: 'an archive of an old Docker',
    files: { 'old.tar': () => tarOf([{ name: 'repositories', body: '{}' }]) },
    argv: ['docker-archive:old.tar'],
    sentence:
      'the archive holds only a repositories file, as Docker wrote before version 1.10, and no manifest.json: load it into a current Docker and save it again',
  },
];

const options: readonly Refusal[] = [
  {
    name: 'a platform that an archive does not have',
    files: app,
    argv: ['app.tar', '--platform', 'linux/s390x'],
    sentence: 'app.tar holds no image for linux/s390x: it holds linux/amd64',
  },
  {
    name: 'a word that is not a platform',
    files: app,
    argv: ['app.tar', '--platform', 'nonsense'],
    sentence: 'unknown platform "nonsense": expected os/arch[/variant] such as linux/arm64, or all',
  },
  {
    name: 'a base without layers',
    files: { ...app, ...withoutLayers },
    argv: ['app.tar', '--base', 'bare'],
    sentence: '--base is bare, which is not an image with layers',
  },
  {
    name: 'a base of a file',
    files: program,
    argv: ['program', '--base', '1'],
    sentence: '--base is for images, and program is not one',
  },
  {
    name: 'a platform of a folder',
    files: { 'folder/': '' },
    argv: ['folder', '--platform', 'linux/amd64'],
    sentence: '--platform chooses among images, and dir:folder is not an image',
  },
  {
    name: 'a platform of a process',
    argv: ['proc:1', '--platform', 'linux/amd64'],
    sentence: '--platform chooses among images, and proc: has none',
  },
];

const enforcing =
  'unqualified-search-registries = ["a.example", "b.example"]\nshort-name-mode = "enforcing"\n';
const moving = '[[registry]]\nprefix = "a.example"\nlocation = "UPPER"\n';

const surroundings: readonly Refusal[] = [
  {
    name: 'a daemon behind ssh',
    argv: ['docker:app'],
    env: { DOCKER_HOST: 'ssh://host' },
    sentence:
      'DOCKER_HOST is ssh://host, expected unix:///PATH or tcp://HOST:PORT; for a host behind ssh, forward its socket',
  },
  {
    name: 'a short name where full ones are enforced',
    files: { 'registries.conf': enforcing },
    argv: ['registry:app:1'],
    sentence:
      'app:1 is a short name, and short-name-mode in registries.conf is enforcing: choose registry:a.example/app:1 or registry:b.example/app:1',
  },
  {
    name: 'a location that is not one',
    files: { 'registries.conf': moving },
    argv: ['registry:a.example/app:1'],
    sentence:
      'registries.conf: the location UPPER makes UPPER/app:1 of the image, which is not a reference',
  },
];

/** Each ends the run with exit code 2 and this one sentence, before anything is connected to. */
export const refusals: readonly Refusal[] = [...names, ...content, ...options, ...surroundings];
