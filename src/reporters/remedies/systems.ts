import { type CFlags, cFlagsFor } from './c-flags.ts';
import type { Fix, Located } from './fix.ts';
import type { Protection } from './needs.ts';

/** Settings of a system that builds packages or firmware, so that its output has these protections. */
export type SystemFix = (wanted: ReadonlySet<Protection>, file: Located) => Fix | null;

/** https://manpages.debian.org/dpkg-buildflags: `all` has PIE and -z now; what it does not know is appended. */
export const forDebian: SystemFix = (wanted, file) => {
  const { compile, link } = rest(wanted, basic, file);
  return settings('debian/rules', [
    ...on(wanted, basic, 'export DEB_BUILD_MAINT_OPTIONS = hardening=+all'),
    ...append('export DEB_CFLAGS_MAINT_APPEND = ', compile),
    ...append('export DEB_LDFLAGS_MAINT_APPEND = ', link),
  ]);
};

/** What every one of these systems has a switch for. */
const basic: readonly Protection[] = [
  'pie',
  'relro',
  'bind-now',
  'stack-protector',
  'fortify-source',
];

/** buildflags.md of redhat-rpm-config. */
export const forRpm: SystemFix = (wanted, file) => {
  const hardened: readonly Protection[] = [
    ...basic.filter((each) => each !== 'fortify-source'),
    'stack-clash-protection',
    'control-flow-protection',
  ];
  const { compile, link } = rest(wanted, [...hardened, 'fortify-source'], file);
  return settings('the spec file', [
    ...on(wanted, hardened, '%global _hardened_build 1'),
    ...on(wanted, ['fortify-source'], '%global _fortify_level 3'),
    ...append('%global build_cflags %{build_cflags} ', compile),
    ...append('%global build_ldflags %{build_ldflags} ', link),
    '%set_build_flags (in %build, where the build reads CFLAGS and LDFLAGS)',
  ]);
};

/** Alpine's gcc has most of it by itself: an APKBUILD that lost it gets it back by name. */
export const forAbuild: SystemFix = (wanted, file) => {
  const { compile, link } = cFlagsFor(wanted, file);
  return settings('APKBUILD', [
    ...append('export CFLAGS="$CFLAGS ', compile, '"'),
    ...append('export CXXFLAGS="$CXXFLAGS ', compile, '"'),
    ...append('export LDFLAGS="$LDFLAGS ', link, '"'),
  ]);
};

/** `Build options` of its menu; everything has to be rebuilt. */
export const forBuildroot: SystemFix = (wanted, file) => {
  const { compile, link } = rest(wanted, basic, file);
  return settings('.config of Buildroot', [
    ...on(wanted, ['pie', 'relro', 'bind-now'], 'BR2_PIC_PIE=y'),
    ...on(wanted, ['relro', 'bind-now'], 'BR2_RELRO_FULL=y'),
    ...on(wanted, ['stack-protector'], 'BR2_SSP_STRONG=y'),
    ...on(wanted, ['fortify-source'], 'BR2_FORTIFY_SOURCE_3=y'),
    ...append('BR2_TARGET_OPTIMIZATION="', compile, '"'),
    ...append('BR2_TARGET_LDFLAGS="', link, '"'),
  ]);
};

export const forYocto: SystemFix = (wanted, file) => {
  const { compile, link } = rest(wanted, basic, file);
  return settings('conf/local.conf', [
    ...on(wanted, basic, 'require conf/distro/include/security_flags.inc'),
    ...append('TARGET_CFLAGS:append = " ', compile, '"'),
    ...append('TARGET_LDFLAGS:append = " ', link, '"'),
  ]);
};

/** include/hardening.mk; the Makefile of a package may switch each of them off, as PKG_ASLR_PIE:=0. */
export const forOpenWrt: SystemFix = (wanted, file) => {
  const { compile, link } = rest(wanted, basic, file);
  return settings('.config of OpenWrt', [
    ...on(wanted, ['pie'], 'CONFIG_PKG_ASLR_PIE_ALL=y'),
    ...on(wanted, ['relro', 'bind-now'], 'CONFIG_PKG_RELRO_FULL=y'),
    ...on(wanted, ['stack-protector'], 'CONFIG_PKG_CC_STACKPROTECTOR_STRONG=y'),
    ...on(wanted, ['fortify-source'], 'CONFIG_PKG_FORTIFY_SOURCE_2=y'),
    ...append('CONFIG_EXTRA_OPTIMIZATION="', [...compile, ...link], '"'),
  ]);
};

/** Section "Hardening in Nixpkgs" of its manual. */
export const forNix: SystemFix = (wanted, file) => {
  const known = nixFlags.filter(([protection]) => wanted.has(protection));
  const names = [...new Set(known.map(([, flag]) => `"${flag}"`))];
  const { compile, link } = rest(
    wanted,
    nixFlags.map(([protection]) => protection),
    file,
  );
  const words = link.flatMap((flag) => flag.replace(/^-Wl,/, '').split(','));
  return settings('the derivation', [
    ...append('hardeningEnable = [ ', names, ' ];'),
    ...append('env.NIX_CFLAGS_COMPILE = "', compile, '";'),
    ...append('env.NIX_LDFLAGS = "', words, '";'),
  ]);
};

const nixFlags: readonly (readonly [Protection, string])[] = [
  ['pie', 'pie'],
  ['relro', 'relro'],
  ['relro', 'bindnow'],
  ['bind-now', 'bindnow'],
  ['stack-protector', 'stackprotector'],
  ['fortify-source', 'fortify3'],
  ['stack-clash-protection', 'stackclashprotection'],
];

/** A toolchain of its hardened profiles has most of it by itself. */
export const forGentoo: SystemFix = (wanted, file) => {
  const { compile, link } = cFlagsFor(wanted, file);
  return settings('/etc/portage/make.conf', [
    ...append(`CFLAGS="\${CFLAGS} `, compile, '"'),
    ...(compile.length === 0 ? [] : [`CXXFLAGS="\${CFLAGS}"`]),
    ...append(`LDFLAGS="\${LDFLAGS} `, link, '"'),
  ]);
};

function settings(file: string, lines: readonly string[]): Fix | null {
  return lines.length === 0 ? null : { form: 'settings', file, lines };
}

function append(head: string, flags: readonly string[], end = ''): readonly string[] {
  return flags.length === 0 ? [] : [`${head}${flags.join(' ')}${end}`];
}

function on(
  wanted: ReadonlySet<Protection>,
  any: readonly Protection[],
  line: string,
): readonly string[] {
  return any.some((each) => wanted.has(each)) ? [line] : [];
}

/** Flags for what the system has no switch for. */
function rest(
  wanted: ReadonlySet<Protection>,
  known: readonly Protection[],
  file: Located,
): CFlags {
  return cFlagsFor(new Set([...wanted].filter((each) => !known.includes(each))), file);
}
