// What the package says of the code of others in it: for people (LICENSES.txt) and for tools (bom.cdx.json, CycloneDX).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './compile.mjs';
import { mit } from './packages.mjs';

const rule = `${'-'.repeat(80)}\n`;

/** The notices of all packages of which something is in the bundle. */
export function licensesOf(packages) {
  const texts = packages.map(({ name, version, license, text, vendored }) => {
    const inside = vendored.map((part) => `\n${noticeOf(part, text)}`);
    return `${name} ${version}: ${license}\n\n${text}\n${inside.join('')}`;
  });
  return `The files of this folder hold code of these packages.\n\n${texts.map((text) => rule + text).join('\n')}`;
}

/** Of code that a package brings; its own text may have the words of that license already. */
function noticeOf({ name, license, holder }, text) {
  const head = `It contains ${name} by ${holder.replace(/^\d+ /, '')}: ${license}\n`;
  return license === 'MIT' && !text.includes(holder) ? `${head}\n${mit(holder)}\n` : head;
}

/** Without a time and a serial number: the same code has the same bytes. */
export function billOf(packages) {
  const { name, version, license, description } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const own = `pkg:npm/${name}@${version}`;
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const components = packages.flatMap((each) => componentsOf(each, locked));
  const bill = {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: {
      lifecycles: [{ phase: 'build' }],
      component: {
        type: 'application',
        'bom-ref': own,
        name,
        version,
        description,
        licenses: [{ license: { id: license } }],
        purl: own,
      },
    },
    components,
    dependencies: dependenciesOf(own, packages),
  };
  return `${JSON.stringify(bill, null, 2)}\n`;
}

function componentsOf({ name, version, license, place, vendored }, locked) {
  // The folder of packages may be a link to another place.
  const { integrity } =
    locked[place.replace(/^.*?(?=\bnode_modules\b)/s, '').replaceAll('\\', '/')];
  const ref = purlOf({ name, version });
  const component = {
    type: 'library',
    'bom-ref': ref,
    name,
    version,
    hashes: [{ alg: 'SHA-512', content: sha512Of(integrity) }],
    licenses: / (?:AND|OR|WITH) /.test(license)
      ? [{ expression: license }]
      : [{ license: { id: license } }],
    purl: ref,
  };
  const parts = vendored.map((part) => ({
    type: 'library',
    'bom-ref': `${ref}#${part.name}`,
    name: part.name,
    licenses: [{ license: part.isSpdx ? { id: part.license } : { name: part.license } }],
    copyright: `Copyright (c) ${part.holder}`,
  }));
  return [component, ...parts];
}

/** Of what a package of npm declares, all that is in the bundle too. */
function dependenciesOf(own, packages) {
  const refs = new Map(packages.map((each) => [each.name, purlOf(each)]));
  const all = packages.map(({ about, vendored, ...each }) => {
    const ref = purlOf(each);
    const declared = Object.keys(about.dependencies ?? {}).flatMap((name) => refs.get(name) ?? []);
    return { ref, dependsOn: [...declared, ...vendored.map(({ name }) => `${ref}#${name}`)] };
  });
  const used = new Set(all.flatMap(({ dependsOn }) => dependsOn));
  const first = [...refs.values()].filter((ref) => !used.has(ref));
  return [{ ref: own, dependsOn: first }, ...all];
}

function purlOf({ name, version }) {
  return `pkg:npm/${name.replace('@', '%40')}@${version}`;
}

/** A lock file has the digest of the packed package in base64. */
function sha512Of(integrity) {
  const [, digest] = /^sha512-(\S+)/.exec(integrity);
  return Buffer.from(digest, 'base64').toString('hex');
}
