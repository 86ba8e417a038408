/** Files of a root that tell what it is made of. Everything else that is not an ELF file is skipped unread. */
const kept = [
  /^\/(etc|usr\/lib)\/os-release$/,
  /^\/(usr\/)?lib\/apk\/db\/installed$/,
  /^\/var\/lib\/dpkg\/(status|status\.d\/[^/]+|info\/[^/]+\.list)$/,
  /^\/etc\/(passwd|group)$/,
  /^\/etc\/ld\.so\.(conf|cache)$/,
  /^\/etc\/ld\.so\.conf\.d\/[^/]+$/,
  /^\/etc\/ld-musl-[^/]+\.path$/,
];

export function keepsText(path: string): boolean {
  return kept.some((pattern) => pattern.test(path));
}
