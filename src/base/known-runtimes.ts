import { compileGlobs, globOfPath } from './glob.ts';

/** A runtime at one place. */
export interface FoundRuntime {
  readonly name: string;
  /** '' where its place does not say it. */
  readonly version: string;
  readonly builtBy: string;
  /** Those that match a path that is there. */
  readonly globs: readonly string[];
}

/** By the paths of all files that no other list has. */
export function runtimesAmong(paths: readonly string[]): readonly FoundRuntime[] {
  const found = new Map<string, FoundRuntime>();
  for (const path of paths)
    for (const runtime of knownRuntimes) {
      const { root, version = '' } = runtime.sign.exec(path)?.groups ?? {};
      const globs = root === undefined ? null : globsOf(runtime, root, version);
      if (globs === null) continue;
      const { name, builtBy } = runtime;
      // An entry of the configuration names what is there, and nothing that may come.
      const used = globs.filter((glob) => paths.some(compileGlobs([glob])));
      found.set(`${name}\0${root}\0${version}`, { name, version, builtBy, globs: used });
    }
  return [...found.values()].filter(({ globs }) => globs.length > 0);
}

function globsOf({ files }: KnownRuntime, root: string, version: string): readonly string[] | null {
  const [folder, number] = [globOfPath(`${root}/`), version === '' ? '' : globOfPath(version)];
  if (folder === null || number === null) return null;
  return files.map((file) => `${folder}${file.replaceAll('{version}', number)}`);
}

/** What `hullcheck init` proposes as a dependency. Names decide no verdict: the reader of the file does. */
interface KnownRuntime {
  readonly name: string;
  /** Matches the path of the file that it is known by: `root` is its folder, `version` part of the path, where it is. */
  readonly sign: RegExp;
  /** Globs below its folder, narrow enough not to match what a user puts next to it. */
  readonly files: readonly string[];
  readonly builtBy: string;
}

const knownRuntimes: readonly KnownRuntime[] = [
  {
    name: 'node',
    sign: /^(?<root>.*)\/bin\/node$/s,
    files: ['bin/node'],
    builtBy: 'nodejs.org or the maintainers of the base image',
  },
  {
    name: 'python',
    sign: /^(?<root>\/usr\/local|\/opt\/python[^/]*)\/bin\/python(?<version>\d\.\d+)$/s,
    files: ['bin/python{version}', 'lib/libpython*.so*', 'lib/python{version}/lib-dynload/*.so'],
    builtBy: 'the maintainers of the base image',
  },
  {
    name: 'openjdk',
    sign: /^(?<root>.*)\/lib\/(?:[^/]+\/)?server\/libjvm\.so$/s,
    files: [
      'bin/{java,javac,jar,jcmd,jlink,jps,jstack,jstat,jmap,keytool,rmiregistry}',
      'lib/lib*.so',
      'lib/*/lib*.so',
      'lib/{jexec,jspawnhelper}',
    ],
    builtBy: 'the vendor of the JDK',
  },
  {
    name: 'ruby',
    sign: /^(?<root>\/usr\/local|\/opt\/ruby[^/]*)\/bin\/ruby$/s,
    files: ['bin/ruby', 'lib/libruby.so.*', 'lib/ruby/*.*.0/**'],
    builtBy: 'the maintainers of the base image',
  },
  {
    name: 'php',
    sign: /^(?<root>\/usr\/local)\/(?:bin\/php|sbin\/php-fpm)$/s,
    files: ['bin/{php,phpdbg,php-cgi}', 'sbin/php-fpm', 'lib/php/extensions/*/*.so'],
    builtBy: 'the maintainers of the base image',
  },
  {
    name: 'dotnet',
    sign: /^(?<root>.*)\/shared\/Microsoft\.NETCore\.App\/(?<version>[^/]+)\/libcoreclr\.so$/s,
    files: [
      'dotnet',
      'host/fxr/**',
      'shared/Microsoft.NETCore.App/**',
      'shared/Microsoft.AspNetCore.App/**',
    ],
    builtBy: 'Microsoft',
  },
  {
    name: 'erlang',
    sign: /^(?<root>.*)\/erts-(?<version>[\d.]+)\/bin\/beam\.smp$/s,
    files: ['erts-{version}/bin/*'],
    builtBy: 'the maintainers of the base image',
  },
  {
    name: 'go-toolchain',
    sign: /^(?<root>.*)\/pkg\/tool\/linux_[^/]+\/compile$/s,
    files: ['bin/{go,gofmt}', 'pkg/tool/*/*'],
    builtBy: 'go.dev',
  },
  {
    name: 'rust-toolchain',
    sign: /^(?<root>.*)\/lib\/librustc_driver-[^/]+\.so$/s,
    files: [
      'bin/{rustc,cargo,rustdoc,rustfmt,cargo-fmt,cargo-clippy,clippy-driver}',
      'lib/lib{rustc_driver,std,test,LLVM}*.so*',
      'lib/rustlib/**',
    ],
    builtBy: 'rust-lang.org',
  },
  {
    name: 'chromium',
    sign: /^(?<root>.*)\/chrome_crashpad_handler$/s,
    files: [
      '{chrome,chromium,chrome-sandbox,chrome_crashpad_handler,headless_shell}',
      'lib{EGL,GLESv2,vk_swiftshader,vulkan}.so*',
    ],
    builtBy: 'the Chromium project',
  },
];
