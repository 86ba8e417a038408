import { gzipSync } from 'node:zlib';
import { directory, file, type LayerEntry } from './image.ts';

/** A folder of configurations of kernels, in the places where systems have them. Each has the lines that decide and no others. */
export function kernelConfigs(): readonly LayerEntry[] {
  const folders = [
    'boot',
    'proc',
    'usr',
    'usr/lib',
    'usr/lib/modules',
    'usr/lib/modules/6.1.0-weak',
  ];
  const weak = configuration('x86', '6.1.0', weakOptions);
  return [
    ...folders.map((path) => directory(path)),
    file('boot/config-5.10.0-cut', weak.slice(0, weak.indexOf('# CONFIG_STRICT_DEVMEM'))),
    file('boot/config-5.10.0-empty', configuration('x86', '5.10.0', 'CONFIG_64BIT=y')),
    file('boot/config-6.6.9-hardened', configuration('arm64', '6.6.9', hardenedOptions)),
    file('boot/config-6.1.0-weak', weak),
    file('boot/config-busybox', '#\n# Automatically generated make config\n#\nCONFIG_ASH=y\n'),
    file('proc/config.gz', stored(configuration('arm64', '6.12.1', mildOptions))),
  ];
}

const weakOptions = `CONFIG_64BIT=y
CONFIG_BPF_SYSCALL=y
# CONFIG_BPF_UNPRIV_DEFAULT_OFF is not set
CONFIG_COMPAT_BRK=y
CONFIG_DEFAULT_MMAP_MIN_ADDR=4096
CONFIG_MODULES=y
# CONFIG_MODULE_SIG is not set
# CONFIG_HARDENED_USERCOPY is not set
CONFIG_SLAB_FREELIST_RANDOM=y
CONFIG_STACKPROTECTOR=y
CONFIG_STACKPROTECTOR_STRONG=y
# CONFIG_STRICT_DEVMEM is not set
# CONFIG_UBSAN is not set`;

/** COMPAT_VDSO is of programs there, and MODULE_SIG is not offered without modules. */
const hardenedOptions = `CONFIG_64BIT=y
# CONFIG_MODULES is not set
# CONFIG_COMPAT_BRK is not set
CONFIG_COMPAT_VDSO=y
CONFIG_DEFAULT_MMAP_MIN_ADDR=32768
CONFIG_HARDENED_USERCOPY=y
CONFIG_RANDOMIZE_BASE=y
CONFIG_SLAB_FREELIST_RANDOM=y
CONFIG_STACKPROTECTOR=y
CONFIG_STACKPROTECTOR_STRONG=y
CONFIG_STRICT_DEVMEM=y
CONFIG_INIT_STACK_ALL_ZERO=y
# CONFIG_DEBUG_LIST is not set
CONFIG_LIST_HARDENED=y`;

const mildOptions = `${hardenedOptions}
# CONFIG_DEBUG_WX is not set`;

/** Not compressed, and of no system: the same bytes with every version of zlib. */
function stored(text: string): Buffer {
  const packed = gzipSync(text, { level: 0 });
  packed[9] = 255;
  return packed;
}

function configuration(machine: string, version: string, options: string): string {
  return `#
# Automatically generated file; DO NOT EDIT.
# Linux/${machine} ${version} Kernel Configuration
#
${options}

#
# Kernel hacking
#
# end of Kernel hacking
`;
}
