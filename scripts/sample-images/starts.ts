import { readFileSync } from 'node:fs';
import { directory, file, type SampleImage } from './image.ts';

/** Images of one layer that differ in what they start. The tag says how it ends. `elf` is the folder of the sample binaries. */
export function startImages(elf: string): readonly SampleImage[] {
  const binary = (path: string, sample: string) =>
    file(path, readFileSync(`${elf}/${sample}`), 0o755);
  const layer = {
    createdBy: 'COPY root/ / # buildkit',
    entries: [
      ...['bin', 'srv'].map((path) => directory(path)),
      binary('bin/app', 'x86_64-none-gcc-static-tiny'),
      binary('bin/foreign', 'aarch64-none-gcc-static-tiny'),
      file('bin/script', '#!/bin/sh\nexec /bin/app\n', 0o755),
      file('bin/closed', readFileSync(`${elf}/x86_64-none-gcc-static-tiny`)),
    ],
  };
  const image = (tag: string, config: SampleImage['config']): SampleImage => ({
    repository: 'sample/starts',
    tag,
    created: '2024-09-06T12:30:07Z',
    config,
    layers: [layer],
    configuredBy: [],
  });
  return [
    image('well', { Entrypoint: ['/bin/app'] }),
    image('missing', { Entrypoint: ['/srv/app'] }),
    image('closed', { Entrypoint: ['/bin/closed'] }),
    image('foreign', { Cmd: ['foreign'] }),
    image('no-shell', { Cmd: ['script'] }),
    image('relative', { Env: ['PATH=.'], WorkingDir: '/bin', Cmd: ['app'] }),
    image('no-command', {}),
  ];
}
