import { cFlagsFor } from './c-flags.ts';
import { command, type Fix, type Located } from './fix.ts';
import type { Protection } from './needs.ts';

export function forCmake(wanted: ReadonlySet<Protection>, file: Located): Fix | null {
  const { compile, link } = cFlagsFor(wanted, file);
  if (compile.length + link.length === 0) return null;
  const words = [
    'cmake -B build -DCMAKE_BUILD_TYPE=Release',
    ...(wanted.has('pie') ? ['-DCMAKE_POSITION_INDEPENDENT_CODE=ON'] : []),
    ...define(
      ['CMAKE_C_FLAGS', 'CMAKE_CXX_FLAGS'],
      compile.filter((flag) => flag !== '-O2'),
    ),
    ...define(['CMAKE_EXE_LINKER_FLAGS'], link),
    ...define(
      ['CMAKE_SHARED_LINKER_FLAGS', 'CMAKE_MODULE_LINKER_FLAGS'],
      link.filter((flag) => !/pie$/.test(flag)),
    ),
  ];
  return command(`${words.join(' ')} && cmake --build build`);
}

export function forMeson(wanted: ReadonlySet<Protection>, file: Located): Fix | null {
  const { compile, link } = cFlagsFor(wanted, file);
  if (compile.length + link.length === 0) return null;
  const words = [
    'meson setup build --wipe --buildtype=release',
    ...(wanted.has('pie') ? ['-Db_pie=true'] : []),
    ...define(
      ['c_args', 'cpp_args'],
      compile.filter((flag) => flag !== '-O2' && flag !== '-fPIE'),
    ),
    ...define(
      ['c_link_args', 'cpp_link_args'],
      link.filter((flag) => !/pie$/.test(flag)),
    ),
  ];
  return command(`${words.join(' ')} && meson compile -C build`);
}

function define(names: readonly string[], flags: readonly string[]): readonly string[] {
  return flags.length === 0 ? [] : names.map((name) => `-D${name}="${flags.join(' ')}"`);
}
