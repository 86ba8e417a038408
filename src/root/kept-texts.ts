/**
 * Files of a root that tell what it is made of. Everything else that is not an ELF file is skipped unread; each of
 * these is bounded by the limit for texts.
 */
const kept = [
  /^\/(etc|usr\/lib)\/os-release$/,
  /^\/(usr\/)?lib\/apk\/db\/installed$/,
  /^\/var\/lib\/dpkg\/(status|status\.d\/[^/]+|diversions|info\/[^/]+\.(list|md5sums))$/,
  /^\/((var\/lib|usr\/lib\/sysimage|usr\/share)\/rpm|root\/\.rpmdb)\/rpmdb\.sqlite$/,
  /^\/var\/lib\/pacman\/local\/[^/]+\/(desc|files)$/,
  /^\/etc\/(passwd|group)$/,
  // glibc opens them in /etc, where they may be links.
  /\/ld\.so\.(cache|preload)$/,
  // musl asks for it beside the directory of its own loader.
  /^(\/[^/]+)*\/etc\/ld-musl-[^/]+\.path$/,
];

export function keepsText(path: string): boolean {
  return kept.some((pattern) => pattern.test(path));
}
