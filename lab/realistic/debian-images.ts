import { makeDebianPackage, putNode, putNodeModules, putText, putWheels } from './contents.ts';
import { bareExtension, extension, hardened, legacy, plain } from './programs.ts';
import {
  type Edition,
  type OwnFile,
  type RealisticImage,
  type Step,
  yours,
} from './realistic-image.ts';
import { copy, nothing, path, step } from './steps.ts';

/** Docker's official image since 2024: one entry, and no CMD among them. */
export const debianSlim: Step = {
  createdBy: "# debian.sh --arch 'amd64' out/ 'bookworm' '@1760000000'",
  comment: 'debuerreotype 0.15',
  layer: { of: 'debian', name: 'debian-slim', packages: [] },
};

function apt(name: string, packages: readonly string[]): Step {
  const words = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  const command = `RUN /bin/sh -c ${words} && rm -rf /var/lib/apt/lists/* # buildkit`;
  return step(command, { of: 'debian', name, packages });
}

const bare: RealisticImage = {
  ...nothing,
  name: 'debian-slim',
  tag: 'debian:12-slim',
  steps: () => [debianSlim],
  config: { Env: [path], Cmd: ['bash'] },
  fix: 'nothing to fix',
};

const pythonOwn = (edition: Edition): readonly OwnFile[] => [
  yours('/usr/local/bin/legacyd', edition === 'found' ? legacy : hardened),
  yours('/usr/local/bin/plaind', edition === 'found' ? plain : hardened),
  yours('/usr/local/bin/goodd', hardened),
  yours(
    '/opt/app/_fast.cpython-311-x86_64-linux-gnu.so',
    edition === 'found' ? bareExtension : extension,
  ),
];

const python: RealisticImage = {
  ...nothing,
  name: 'debian-python',
  tag: 'acme/py-app:2.3',
  steps: (edition) => [
    debianSlim,
    apt('debian-python', ['python3', 'python3-numpy', 'python3-cryptography']),
    step('WORKDIR /opt/app'),
    step(
      'RUN /bin/sh -c pip install --target /opt/app/site-packages pillow psycopg2-binary # buildkit',
      {
        of: 'folder',
        name: 'wheels',
        make: (root) =>
          putWheels(root, 'opt/app/site-packages', ['pillow==11.3.0', 'psycopg2-binary==2.9.10']),
      },
    ),
    copy('COPY out/ / # buildkit', `python-own-${edition}`, pythonOwn(edition), (root) =>
      putText(root, 'opt/app/main.py', 'import _fast\n'),
    ),
    step('CMD ["python3" "/opt/app/main.py"]'),
  ],
  config: { Env: [path], Cmd: ['python3', '/opt/app/main.py'], WorkingDir: '/opt/app' },
  own: pythonOwn,
  whose: () => ({
    '/usr/bin/python3.11': 'distribution',
    '/opt/app/site-packages/PIL/_imaging.cpython-311-x86_64-linux-gnu.so': 'dependency',
  }),
  fix: 'the author rebuilds three programs of their own',
};

const addon = '/app/build/Release/fast.node';
const nodeOwn = (edition: Edition): readonly OwnFile[] => [
  yours(addon, edition === 'found' ? bareExtension : extension),
];

/** FROM node:20-slim, as its Dockerfile writes the history. */
export const nodeSlim: readonly Step[] = [
  debianSlim,
  step('ENV NODE_VERSION=20.20.2'),
  step(
    'RUN /bin/sh -c ARCH= OPENSSL_ARCH= && dpkgArch="$(dpkg --print-architecture)" ... # buildkit',
    {
      of: 'folder',
      name: 'node',
      make: (root) => putNode(root, '20.20.2'),
    },
  ),
  step('COPY docker-entrypoint.sh /usr/local/bin/ # buildkit', {
    of: 'folder',
    name: 'node-entrypoint',
    make: (root) =>
      putText(root, 'usr/local/bin/docker-entrypoint.sh', '#!/bin/sh\nset -e\nexec "$@"\n', 0o755),
  }),
  step('ENTRYPOINT ["docker-entrypoint.sh"]'),
  step('CMD ["node"]'),
];
export const nodeSlimConfig = { Env: [path], Entrypoint: ['docker-entrypoint.sh'], Cmd: ['node'] };

const node: RealisticImage = {
  ...nothing,
  name: 'debian-node',
  tag: 'acme/node-app:1.0',
  steps: (edition) => [
    ...nodeSlim,
    step('WORKDIR /app'),
    step('RUN /bin/sh -c npm ci --omit=dev # buildkit', {
      of: 'folder',
      name: 'node-modules',
      make: (root) =>
        putNodeModules(root, 'app', ['bcrypt@6.0.0', 'sharp@0.34.4', 'esbuild@0.25.10'], 'glibc'),
    }),
    copy('COPY . . # buildkit', `node-own-${edition}`, nodeOwn(edition), (root) =>
      putText(root, 'app/server.js', "require('./build/Release/fast.node');\n"),
    ),
    step('CMD ["node" "server.js"]'),
  ],
  config: { ...nodeSlimConfig, Cmd: ['node', 'server.js'], WorkingDir: '/app' },
  own: nodeOwn,
  whose: () => ({
    '/usr/local/bin/node': 'dependency',
    '/app/node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64.node': 'dependency',
    '/app/node_modules/bcrypt/prebuilds/linux-arm64/bcrypt.glibc.node': 'dependency',
  }),
  fix: 'the author rebuilds their addon',
  // The author does not rebuild the program that came with the base image: it has to be known for certain which one that is.
  options: ['--base', 'bases/node-20-slim'],
};

const servers: RealisticImage = {
  ...nothing,
  name: 'debian-servers',
  tag: 'acme/servers:12',
  steps: () => [
    debianSlim,
    apt('debian-servers', ['nginx-light', 'redis-server', 'postgresql-15']),
    step('CMD ["nginx" "-g" "daemon off;"]'),
  ],
  config: { Env: [path], Cmd: ['nginx', '-g', 'daemon off;'] },
  whose: () => ({ '/usr/sbin/nginx': 'distribution', '/usr/bin/redis-check-rdb': 'distribution' }),
  fix: 'nothing to fix',
};

const jni = (): readonly OwnFile[] => [yours('/app/lib/libextension.so', extension)];

const jre: RealisticImage = {
  ...nothing,
  name: 'debian-jre',
  tag: 'acme/jvm:17',
  steps: () => [
    debianSlim,
    apt('debian-jre', ['openjdk-17-jre-headless']),
    copy('COPY target/ /app/ # buildkit', 'jre-own', jni(), (root) =>
      putText(root, 'app/app.properties', 'port=8080\n'),
    ),
    step('CMD ["java" "-cp" "/app" "Main"]'),
  ],
  config: { Env: [path], Cmd: ['java', '-cp', '/app', 'Main'] },
  own: jni,
  whose: () => ({ '/usr/lib/jvm/java-17-openjdk-amd64/bin/java': 'distribution' }),
  fix: 'nothing to fix',
};

const agent = (edition: Edition): readonly OwnFile[] => [
  {
    path: '/usr/bin/acme-agent',
    build: edition === 'found' ? legacy : hardened,
    whose: 'dependency',
  },
  { path: '/usr/sbin/acme-report', build: plain, whose: 'dependency' },
];

const ownPackage: RealisticImage = {
  ...nothing,
  name: 'debian-own-package',
  tag: 'acme/agent:4.2',
  steps: (edition) => [
    debianSlim,
    step('RUN /bin/sh -c apt-get install -y /packages/acme-agent_4.2.0-1_amd64.deb # buildkit', {
      of: 'debian',
      name: `debian-own-package-${edition}`,
      packages: [(folder) => makeDebianPackage(folder, agent(edition))],
    }),
    step('ENTRYPOINT ["/usr/bin/acme-agent"]'),
  ],
  config: { Env: [path], Entrypoint: ['/usr/bin/acme-agent'] },
  own: agent,
  fix: 'the distribution links the package without an executable stack',
};

export const debianImages: readonly RealisticImage[] = [
  bare,
  python,
  node,
  servers,
  jre,
  ownPackage,
];
