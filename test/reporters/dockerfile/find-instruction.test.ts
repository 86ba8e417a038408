import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFinder } from '../../../src/reporters/dockerfile/find-instruction.ts';
import { mostBytes, parseDockerfile } from '../../../src/reporters/dockerfile/parse-dockerfile.ts';

const lines = (...all: readonly string[]) => all.join('\n');

describe('what is read of a Dockerfile', () => {
  const cases: readonly (readonly [name: string, text: string, want: readonly string[]])[] = [
    ['an instruction a line', lines('FROM a', 'RUN b', 'COPY c /d'), ['2 RUN b', '3 COPY c /d']],
    ['keywords in lower case', lines('from a', 'run b'), ['2 RUN b']],
    ['continued lines', lines('FROM a', 'RUN b && \\', '    c'), ['2 RUN b &&      c']],
    [
      'comments between continued lines',
      lines('FROM a', 'RUN b \\', '# no', '', '  c', 'RUN d'),
      ['2 RUN b    c', '6 RUN d'],
    ],
    [
      'the character that continues lines',
      lines('# escape=`', 'FROM a', 'RUN b `', 'c'),
      ['3 RUN b  c'],
    ],
    ['flags', lines('FROM a', 'COPY --from=b --chown=1:1 /c /d'), ['2 COPY /c /d']],
    [
      'the text of a here-document is not an instruction',
      lines('FROM a', 'RUN <<EOF', 'RUN no', 'EOF', 'RUN b'),
      ['2 RUN <<EOF', '5 RUN b'],
    ],
    [
      'two here-documents',
      lines('FROM a', 'COPY <<A <<"B" /c/', 'x', 'A', 'y', 'B', 'RUN b'),
      ['2 COPY <<A <<"B" /c/', '7 RUN b'],
    ],
    [
      'a here-document without an end takes the rest',
      lines('FROM a', 'RUN <<EOF', 'RUN no'),
      ['2 RUN <<EOF'],
    ],
    ['line ends of other systems', 'FROM a\r\nRUN b\r\n', ['2 RUN b']],
    ['only the last stage', lines('FROM a AS b', 'RUN c', 'FROM d', 'RUN e'), ['4 RUN e']],
    ['nothing in front of FROM', lines('RUN a', 'ARG b=c', 'FROM d', 'RUN e'), ['4 RUN e']],
  ];
  for (const [name, text, want] of cases)
    it(name, () => {
      const stage = parseDockerfile(text).stages.at(-1);
      const found = stage?.instructions.map((each) => `${each.line} ${each.keyword} ${each.words}`);
      assert.deepEqual(found, want);
    });
  it('FROM with variables, a platform and a name', () => {
    const { stages } = parseDockerfile(
      lines(
        'ARG V=3.20',
        'FROM --platform=$BUILDPLATFORM alpine:${V} AS Build',
        'FROM alpine:${W:-1}',
      ),
    );
    assert.deepEqual(
      stages.map(({ base, name, line }) => [base, name, line]),
      [
        ['alpine:3.20', 'build', 2],
        ['alpine:1', null, 3],
      ],
    );
  });
});

const dockerfile = lines(
  'ARG GO=1.26', // 1
  'FROM golang:${GO} AS build', // 2
  'WORKDIR /src', // 3
  'COPY . .', // 4
  'RUN go build -o /out/server .', // 5
  'FROM debian:12-slim AS base', // 6
  'RUN apt-get update && \\', // 7
  '    apt-get install -y ca-certificates', // 8
  'FROM base', // 9
  'ENV APP=/opt/app', // 10
  'WORKDIR $APP', // 11
  'COPY --from=build --chown=0:0 /out/server /usr/local/bin/server', // 12
  'COPY lib/ ./lib/', // 13
  'COPY ["one file", "two", "/data/"]', // 14
  'ADD tools.tar.gz /', // 15
  'ENTRYPOINT ["server"]', // 16
);

const layer = (createdBy: string | null, isBase = false) => ({ createdBy, isBase });

const buildkit = [
  layer("# debian.sh --arch 'amd64' out/ 'bookworm'", true),
  layer('RUN /bin/sh -c apt-get update &&     apt-get install -y ca-certificates # buildkit'),
  layer('WORKDIR /opt/app'),
  layer('COPY --chown=0:0 /out/server /usr/local/bin/server # buildkit'),
  layer('COPY lib/ ./lib/ # buildkit'),
  layer('COPY one file two /data/ # buildkit'),
  layer('ADD tools.tar.gz / # buildkit'),
];
const docker = [
  layer('/bin/sh -c #(nop) ADD file:1 in / ', true),
  layer('/bin/sh -c apt-get update &&     apt-get install -y ca-certificates'),
  layer('/bin/sh -c #(nop) WORKDIR /opt/app'),
  layer('/bin/sh -c #(nop) COPY --chown=0:0 file:2 in /usr/local/bin/server '),
  layer('/bin/sh -c #(nop) COPY dir:3 in /opt/app/lib/ '),
  layer('/bin/sh -c #(nop) COPY multi:4 in /data/ '),
  layer('/bin/sh -c #(nop) ADD file:5 in / '),
];
const kaniko = buildkit.map(({ createdBy, isBase }) =>
  layer(createdBy?.replace(/ # buildkit$/, '') ?? null, isBase),
);
const arguments_ = [
  buildkit[0] ?? layer(null),
  layer(
    'RUN |1 GO=1.26 /bin/sh -c apt-get update &&     apt-get install -y ca-certificates # buildkit',
  ),
];

describe('which instruction brought a file', () => {
  for (const [builder, layers] of Object.entries({ buildkit, docker, kaniko }))
    for (const [at, path, line] of [
      [1, '/usr/bin/openssl', 7],
      [3, '/usr/local/bin/server', 12],
      [4, '/opt/app/lib/a.so', 13],
      [5, '/data/two', 14],
      [6, '/usr/bin/tool', 15],
    ] as const)
      it(`by the history of ${builder}: layer ${at}, ${path}`, () => {
        const finder = createFinder(parseDockerfile(dockerfile), layers, 'ENTRYPOINT');
        assert.deepEqual(finder?.find(path, at), { line, by: 'step' });
      });
  it('with arguments of the build in front of a command', () => {
    const finder = createFinder(parseDockerfile(dockerfile), arguments_, 'ENTRYPOINT');
    assert.deepEqual(finder?.find('/usr/bin/openssl', 1), { line: 7, by: 'step' });
  });
  it('a file of the base image came with the FROM that names it, though other stages lie between', () => {
    const finder = createFinder(parseDockerfile(dockerfile), buildkit, 'ENTRYPOINT');
    assert.deepEqual(finder?.find('/usr/bin/perl', 0), { line: 6, by: 'base' });
  });
  it('the image as a whole is what ENTRYPOINT says', () => {
    const finder = createFinder(parseDockerfile(dockerfile), buildkit, 'ENTRYPOINT');
    assert.deepEqual(finder?.find('/usr/local/bin/server', null), { line: 16, by: 'step' });
  });
  const squashed = [layer(null)];
  for (const [path, line, by] of [
    ['/usr/local/bin/server', 12, 'step'],
    ['/opt/app/lib/a.so', 13, 'step'],
    ['/usr/bin/tool', 15, 'step'],
  ] as const)
    it(`without a history, by the path: ${path}`, () => {
      const finder = createFinder(parseDockerfile(dockerfile), squashed, 'CMD');
      assert.deepEqual(finder?.find(path, 0), { line, by });
    });
  it('by the path, the last that writes there', () => {
    const text = lines('FROM a', 'COPY x /app/', 'COPY y /app/y', 'COPY z /z');
    const finder = createFinder(parseDockerfile(text), squashed, 'CMD');
    assert.deepEqual(finder?.find('/app/x', 0), { line: 2, by: 'step' });
    assert.deepEqual(finder?.find('/app/y', 0), { line: 3, by: 'step' });
  });
  it('where nothing decides, the last FROM', () => {
    const text = lines('FROM a', 'RUN make', 'FROM b', 'RUN install', 'COPY z /z');
    const finder = createFinder(parseDockerfile(text), [layer('RUN other')], 'CMD');
    assert.deepEqual(finder?.find('/usr/bin/x', 0), { line: 3, by: 'guess' });
    assert.equal(finder?.matched, 0);
  });
  it('a Dockerfile of another image has no layer of this one', () => {
    const text = lines('FROM a', 'RUN make', 'COPY b /c');
    assert.equal(createFinder(parseDockerfile(text), buildkit, 'CMD')?.matched, 0);
  });
  it('equal lines are met in their order, from the end on', () => {
    const text = lines('FROM a', 'RUN make', 'COPY x /y', 'RUN make');
    const layers = [layer('RUN /bin/sh -c make'), layer('COPY x /y'), layer('RUN /bin/sh -c make')];
    const finder = createFinder(parseDockerfile(text), layers, 'CMD');
    assert.deepEqual(
      [0, 1, 2].map((at) => finder?.find('/x', at).line),
      [2, 3, 4],
    );
  });
});

describe('a Dockerfile that no person wrote', () => {
  const cases: Readonly<Record<string, string>> = {
    nothing: '',
    'no FROM': 'RUN x',
    bytes: '\0\x01\ufffd',
    'a stage that is built on itself': lines('FROM a AS a', 'FROM a AS b', 'FROM b AS a', 'FROM a'),
    'a million continued lines': `FROM a\nRUN ${'\\\n'.repeat(400_000)}`,
    'one long word': `FROM a\nENV ${'a'.repeat(1_000_000)}`,
    'one long run of spaces': `FROM a\nRUN x${' '.repeat(1_000_000)}y`,
    'many words of one instruction': `FROM a\nENV ${'a '.repeat(500_000)}`,
    'many here-documents': `FROM a\nRUN ${'<<A '.repeat(200_000)}`,
    'many nested variables': `FROM a\nENV A=$${'{A-'.repeat(100_000)}`,
    quotes: `FROM a\nENV ${'A="'.repeat(300_000)}`,
    'many stages': 'FROM a AS a\n'.repeat(80_000),
    'many instructions': `FROM a\n${'COPY a /b\n'.repeat(100_000)}`,
  };
  for (const [name, text] of Object.entries(cases))
    it(`${name}: is read in bounds`, () => {
      const layers = Array.from({ length: 5000 }, () => layer(`RUN ${' '.repeat(200)}x`));
      const parsed = parseDockerfile(text.slice(0, mostBytes));
      const finder = createFinder(parsed, layers, 'CMD');
      assert.equal(finder === null, parsed.stages.length === 0);
      finder?.find('/usr/bin/x', 4999);
    });
});
