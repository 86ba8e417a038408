import type { WrittenFile } from './wrong-settings.ts';

/** Globs, with and without the quotes that they need. */
export const wrongGlobs: readonly WrittenFile[] = [
  [
    'a regular expression',
    "exclude: ['^/opt/.*$']",
    'warning 1:11 it looks like a regular expression',
  ],
  [
    'a regular expression of alternatives',
    "exclude: ['/opt/(a|b)']",
    'error 1:11 has a group in parentheses',
  ],
  [
    'alternatives with a bar',
    "exclude: ['/opt/a|/opt/b']",
    'warning 1:11 it looks like a regular expression',
  ],
  ['.* as a part', 'exclude: [/opt/.*]', 'warning 1:11 names that begin with a dot'],
  ['names with any ending', 'exclude: [/opt/libx.*]'],
  [
    'no slash at the beginning',
    'exclude: [usr/local/**]',
    'warning 1:11 Did you mean /usr/local/**?',
  ],
  ['a dot at the beginning', 'exclude: [./usr/a]', 'warning 1:11 Did you mean /usr/a?'],
  ['a slash at the end', 'exclude: [/usr/local/]', 'warning 1:11 Did you mean /usr/local/**?'],
  [
    'a folder of every system',
    'exclude: [/opt]',
    'warning 1:11 it is a folder, and a glob of paths is of files. Did you mean /opt/**?',
  ],
  [
    'a folder of a package manager in a waiver',
    'waivers:\n  - {rule: pie, reason: x, path: /app/node_modules}',
    'warning 2:34 Did you mean /app/node_modules/**?',
  ],
  [
    'a folder of an override',
    'overrides:\n  - {path: /usr/local/bin, rules: {pie: low}}',
    'warning 2:12 Did you mean /usr/local/bin/**?',
  ],
  ['a folder and all in it', 'exclude: [/opt/**]'],
  ['a file that may be a folder', 'exclude: [/opt/tool]'],
  [
    'a path of Windows',
    "exclude: ['C:\\opt\\x']",
    'warning 1:11 paths in an image begin with a slash',
  ],
  ['a part that is two dots', 'exclude: [/usr/../opt/x]', 'warning 1:11 paths have no empty part'],
  ['two slashes', 'exclude: [/usr//x]', 'warning 1:11 paths have no empty part'],
  ['a space at the end', 'exclude: ["/usr/x "]', 'warning 1:11 a space at its beginning or end'],
  ['a negation', "exclude: ['!/usr/x']", 'warning 1:11 a glob has no negation'],
  ['everything', "exclude: ['/**']", 'warning 1:11 leaves out every file'],
  ['all names', "exclude: ['*']", 'warning 1:11 leaves out every file'],
  ['a glob twice', 'exclude: [/a, /a]', 'warning 1:15 is in the list twice'],
  [
    'a path among packages',
    'waivers:\n  - {rule: pie, reason: x, package: /usr/bin/x}',
    'warning 2:37 Did you mean path?',
  ],
  [
    'a path of a waiver without its slash',
    'waivers:\n  - {rule: pie, reason: x, path: usr/bin/x}',
    'warning 2:34 Did you mean /usr/bin/x?',
  ],
  [
    'a path of an override without its slash',
    'overrides:\n  - {path: opt/x, rules: {pie: low}}',
    'warning 2:12 Did you mean /opt/x?',
  ],
  [
    'a path of a dependency with a slash at its end',
    'dependencies:\n  - {name: a, path: /opt/x/, reason: x}',
    'warning 2:21 Did you mean /opt/x/**?',
  ],
  [
    'a path of yours with a slash at its end',
    'yours: [/opt/x/]',
    'warning 1:9 Did you mean /opt/x/**?',
  ],
  [
    'a brace without its partner',
    "exclude: ['/a/{b']",
    'error 1:11 has a brace without its partner',
  ],
  ['braces inside braces', "exclude: ['/a/{b,{c,d}}']", 'error 1:11 has braces inside braces'],
  ['a bracket without its partner', "exclude: ['/a/[b']", 'error 1:11 has a [ without its ]'],
  ['a glob that is empty', 'exclude: [""]', 'error 1:11 expected a glob'],
  [
    'a glob that is too long',
    `exclude: [/${'a'.repeat(256)}]`,
    'error 1:11 is 257 characters long, expected at most 256',
  ],
  [
    'too many stars',
    "exclude: ['*a*a*a*a*a*a*a*a*b']",
    'error 1:11 has more stars than any name needs',
  ],
  ['stars without quotes', 'exclude: **/*.so', 'error 1:10 needs quotes: "**/*.so"'],
  ['a star without quotes', 'exclude: *.so', 'error 1:10 needs quotes: "*.so"'],
  ['one star without quotes', 'exclude: *', 'error 1:10 needs quotes: "*"'],
  [
    'stars without quotes in brackets',
    'exclude: [**/*.so, /a]',
    'error 1:11 needs quotes: "**/*.so"',
  ],
  ['stars with quotes', 'exclude: "**/*.so"'],
  [
    'a brace without quotes',
    'exclude: {a,b}',
    'error 1:10 a text that begins with { or contains ": " needs quotes',
  ],
  ['a bracket without quotes', 'waivers:\n  - {rule: pie, reason: [x] y}', 'error 2:'],
  ['a negation without quotes', 'exclude: !/usr/x', 'error 1:'],
  ['a glob that is a number', 'exclude: [123]', 'error 1:11 put it in quotes, "123"'],
  [
    'hidden characters in a path',
    'exclude: ["/opt/a\\u200bb"]',
    'warning 1:11 characters that cannot be seen',
  ],
  [
    'the direction of a text',
    'waivers:\n  - {rule: pie, path: /a, reason: "\\u202egnp.exe"}',
    'warning 2:35 change the direction',
  ],
  [
    'a scheme in front of an image',
    'images: [{image: "registry:acme/app", profile: strict}]',
    'warning 1:18 Did you mean acme/app?',
  ],
  [
    'an image without its tag',
    'images: [{image: "acme/app:", profile: strict}]',
    'warning 1:18 it ends with a colon. Did you mean acme/app?',
  ],
  ['a registry with a port', 'images: [{image: "localhost:5000/app", profile: strict}]'],
  [
    'a regular expression as yours',
    'yours: ["^acme"]',
    'warning 1:9 it looks like a regular expression',
  ],
  [
    'a folder in a list of denied imports',
    'deny: {imports: [{names: gets, path: /opt/}]}',
    'warning 1:38 Did you mean /opt/**?',
  ],
  [
    'a path as the package of a list',
    'allow: {needed: [{names: "libc.*", package: /opt/a}]}',
    'warning 1:45 Did you mean path?',
  ],
];
