import { beginningOf } from '../archive/beginning.ts';
import { decompress } from '../archive/decompress.ts';
import { MissingPart } from '../base/errors.ts';
import type { Limits } from '../base/limits.ts';
import { cleanName } from './files/path-in-archive.ts';
import type { FileInput } from './input/input.ts';
import { tarInTar, tarWalk } from './packages/package-in-tar.ts';
import type { Identity } from './packages/package-target.ts';
import { tarPackage } from './packages/tar-package.ts';

const metadata = 'metadata.gz';
const content = 'data.tar.gz';

/** Name and version are among the first lines. */
const nameSize = 64 * 1024;

/** A tar with the specification of a gem (YAML), its files in a tar, and sums and signatures of both (rubygems/package.rb). */
export default tarPackage({
  scheme: 'gem',
  summary: 'a Ruby gem',
  recognised:
    'a tar that begins with `metadata.gz`, `data.tar.gz` or `checksums.yaml.gz`, and contains `metadata.gz`',
  endings: ['gem'],
  inTar: {
    beginsWith: (name) => /^(?:metadata|data\.tar|checksums\.yaml)\.gz(?:\.sig)?$/.test(name),
    isDecidedBy: (name) => name === metadata,
  },
  identify,
  entries: (input, limits) =>
    tarInTar(input, (name) => name === content, `the gem holds no ${content}`, limits),
});

async function identify(input: FileInput, limits: Limits): Promise<Identity | null> {
  for await (const entry of tarWalk(input, limits)) {
    if (entry.type !== 'file' || cleanName(entry.path) !== metadata) continue;
    const bytes = await beginningOf(decompress(entry.body(), limits), nameSize);
    return identityOf(bytes.toString('utf8', 0, nameSize));
  }
  throw new MissingPart(`the gem holds no ${metadata}`);
}

/** Ruby's writer has one form for these lines. */
function identityOf(yaml: string): Identity {
  const version = /^version: !ruby\/object:Gem::Version *\n +version: (.{1,256})$/m.exec(yaml);
  const platform = fieldOf(yaml, 'platform');
  return {
    name: fieldOf(yaml, 'name'),
    version: plain(version?.[1]),
    architecture: platform === 'ruby' ? '' : platform,
  };
}

function fieldOf(yaml: string, name: string): string {
  return plain(new RegExp(`^${name}: (.{1,256})$`, 'm').exec(yaml)?.[1]);
}

function plain(text = ''): string {
  return text.replace(/^(['"])(.*)\1$/, '$2');
}
