import type { Remedies } from '../../base/verdict.ts';

/**
 * Alpine's package of a library, by its SONAME. apk finds it by `so:SONAME` as well, in every release; the name is for people.
 * The first part is from the index of Alpine 3.23.3 (January 2026), the second from recipes of main and community of that
 * release. Libraries whose SONAME changes with nearly every release (ICU, Boost, protobuf) are left out.
 */
const packages: readonly (readonly [name: string, sonames: string])[] = [
  ['brotli-libs', 'libbrotlicommon.so.1 libbrotlidec.so.1 libbrotlienc.so.1'],
  ['dbus-libs', 'libdbus-1.so.3'],
  ['e2fsprogs-libs', 'libe2p.so.2 libext2fs.so.2 libss.so.2'],
  ['gmp', 'libgmp.so.10'],
  ['gnutls', 'libgnutls.so.30'],
  ['libblkid', 'libblkid.so.1'],
  ['libcap2', 'libcap.so.2 libpsx.so.2'],
  ['libcom_err', 'libcom_err.so.2'],
  ['libcrypto3', 'libcrypto.so.3'],
  ['libeconf', 'libeconf.so.0'],
  ['libedit', 'libedit.so.0'],
  ['libfdisk', 'libfdisk.so.1'],
  ['libffi', 'libffi.so.8'],
  ['libidn2', 'libidn2.so.0'],
  ['libncursesw', 'libncursesw.so.6'],
  ['libnl3', 'libnl-3.so.200 libnl-genl-3.so.200 libnl-route-3.so.200 libnl-nf-3.so.200'],
  ['libpcap', 'libpcap.so.1'],
  ['libseccomp', 'libseccomp.so.2'],
  ['libsmartcols', 'libsmartcols.so.1'],
  ['libssl3', 'libssl.so.3'],
  ['libtasn1', 'libtasn1.so.6'],
  ['libunistring', 'libunistring.so.5'],
  ['libusb', 'libusb-1.0.so.0'],
  ['libuuid', 'libuuid.so.1'],
  ['nettle', 'libnettle.so.8 libhogweed.so.6'],
  ['p11-kit', 'libp11-kit.so.0'],
  ['pcre2', 'libpcre2-8.so.0 libpcre2-posix.so.3'],
  ['pcsc-lite-libs', 'libpcsclite.so.1'],
  ['yaml', 'libyaml-0.so.2'],
  ['zlib', 'libz.so.1'],
  ['zstd-libs', 'libzstd.so.1'],

  ['c-ares', 'libcares.so.2'],
  ['expat', 'libexpat.so.1'],
  ['fontconfig', 'libfontconfig.so.1'],
  ['freetype', 'libfreetype.so.6'],
  [
    'glib',
    'libglib-2.0.so.0 libgobject-2.0.so.0 libgio-2.0.so.0 libgmodule-2.0.so.0 libgthread-2.0.so.0',
  ],
  ['krb5-libs', 'libkrb5.so.3 libk5crypto.so.3 libgssapi_krb5.so.2'],
  ['libatomic', 'libatomic.so.1'],
  ['libbz2', 'libbz2.so.1'],
  ['libcurl', 'libcurl.so.4'],
  ['libelf', 'libelf.so.1'],
  ['libevent', 'libevent-2.1.so.7'],
  ['libgcc', 'libgcc_s.so.1'],
  ['libgomp', 'libgomp.so.1'],
  ['libjpeg-turbo', 'libjpeg.so.8'],
  ['libpng', 'libpng16.so.16'],
  ['libpq', 'libpq.so.5'],
  ['libstdc++', 'libstdc++.so.6'],
  ['libunwind', 'libunwind.so.8'],
  ['libuv', 'libuv.so.1'],
  ['libx11', 'libX11.so.6'],
  ['libxcb', 'libxcb.so.1'],
  ['libxslt', 'libxslt.so.1 libexslt.so.0'],
  ['linux-pam', 'libpam.so.0'],
  ['lz4-libs', 'liblz4.so.1'],
  ['nghttp2-libs', 'libnghttp2.so.14'],
  ['readline', 'libreadline.so.8'],
  ['sqlite-libs', 'libsqlite3.so.0'],
  ['xz-libs', 'liblzma.so.5'],
];

const bySoname: ReadonlyMap<string, string> = new Map(
  packages.flatMap(([name, sonames]) => sonames.split(' ').map((soname) => [soname, name])),
);

/**
 * How to install a library that is missing. apk refuses a `so:` that no package of its release has, so the command brings
 * the right library or none. Packages bring libraries of the distribution's own libc: `libc` is that which looks for it. A name
 * that no library of a distribution has (a path, odd characters) gets no command.
 */
export function installRemedies(soname: string, libc: string): Remedies {
  if (!/^[A-Za-z][\w.+-]{0,99}\.so(?:\.[\d.]+)?$/.test(soname)) return {};
  const name = bySoname.get(soname);
  const from = name === undefined ? '' : ` (package ${name})`;
  return libc === 'musl'
    ? { alpine: `Install the library with \`apk add so:${soname}\`${from}.` }
    : { debian: `Install the package that \`apt-file search ${soname}\` names.` };
}
