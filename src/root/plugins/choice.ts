/**
 * Packages bring one library for each platform, and a host takes the one for its own: `core-linux-x64-gnu` and
 * `core-linux-x64-musl`, `prebuilds/linux-arm64/node.napi.musl.node`. Without these words their paths are equal.
 */
const platformWord =
  /^(?:linux|linuxmusl|linuxglibc|alpine|darwin|macos|win32|windows|freebsd|android|gnu|glibc|musl|gnueabi|gnueabihf|musleabi|musleabihf|x64|x86|x86_64|amd64|ia32|i386|i686|arm|arm64|armv[5-8]l?|aarch64|aarch_64|ppc64|ppc64le|ppc64el|s390x|riscv64|loong64|loongarch64|mips64el|abi\d+|napi|uv\d+|v\d+|electron)$/i;

export function choiceOf(path: string): string {
  return path
    .replaceAll('x86_64', 'x64')
    .split('/')
    .map((component) =>
      component
        .split(/[-._@+]/)
        .filter((word) => !platformWord.test(word))
        .join('-'),
    )
    .join('/');
}
