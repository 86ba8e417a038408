// Which packages have code in the bundle, and what they say of their licenses.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { root } from './compile.mjs';

/**
 * Code of other projects that came with a package, which its package.json does not name. Versions are left out: no package
 * says which it has.
 */
const vendored = {
  'xz-decompress': [
    {
      name: 'xz-embedded',
      license: 'Public domain',
      isSpdx: false,
      holder: 'Lasse Collin and Igor Pavlov',
    },
    { name: 'walloc', license: 'MIT', isSpdx: true, holder: '2020 Igalia, S.L.' },
    { name: 'xzwasm', license: 'MIT', isSpdx: true, holder: 'Steve Sanderson' },
  ],
  zstddec: [
    { name: 'zstd', license: 'BSD-3-Clause', isSpdx: true, holder: 'Meta Platforms, Inc.' },
  ],
};

/** Of modules by their paths: `{ name, version, license, about, place, text, vendored }` of each package, sorted by name. */
export function packagesOf(modules) {
  const places = new Set(modules.flatMap((module) => packageOf(module) ?? []));
  return [...places].sort().map((place) => {
    const about = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
    const { name, version, license } = about;
    return {
      name,
      version,
      license,
      about,
      place,
      text: licenseIn(place) ?? textOf(about),
      vendored: vendored[name] ?? [],
    };
  });
}

/** The folder of the innermost package that a module belongs to; null for the project's own. */
function packageOf(module) {
  const path = relative(root, module.replace(/^\0/, '').replace(/\?.*$/, ''));
  const match = new RegExp(
    `^(?:.*\\${sep})?node_modules\\${sep}(?:@[^\\${sep}]+\\${sep})?[^\\${sep}]+`,
  ).exec(path);
  return match === null ? null : join(root, match[0]);
}

/** Its LICENSE, or what stands under that heading of its README and is the text itself; null: neither. */
function licenseIn(place) {
  const names = readdirSync(place);
  const file = names.find((name) => /^licen[cs]e/i.test(name));
  if (file !== undefined) return readFileSync(join(place, file), 'utf8').trim();
  const readme = names.find((name) => /^readme/i.test(name));
  if (readme === undefined) return null;
  const [, section = ''] =
    /^#+[ \t]*licen[cs]e[ \t]*$\n([\s\S]*?)(?=^#|(?![\s\S]))/im.exec(
      readFileSync(join(place, readme), 'utf8'),
    ) ?? [];
  return /permission is hereby granted/i.test(section) ? section.trim() : null;
}

/** For packages that name their license and do not have its text. */
function textOf({ name, author, contributors = [], license }) {
  if (license !== 'MIT') throw new Error(`${name} has no text of its license, which is ${license}`);
  const named = [author, ...contributors].filter((person) => person !== undefined);
  const holders = named.map((person) => (typeof person === 'string' ? person : person.name));
  const persons = holders.map((holder) => holder.replace(/ *[<(].*$/, ''));
  return mit([...new Set(persons)].join(', '));
}

export function mit(holder) {
  return `Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of
this software and associated documentation files (the "Software"), to deal in
the Software without restriction, including without limitation the rights to
use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of
the Software, and to permit persons to whom the Software is furnished to do so,
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS
FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER
IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN
CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
