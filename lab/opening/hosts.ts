import type { OpeningCase } from './opening-case.ts';

/** What each host exports, how it opens a plugin, and what it looks up there. */
const hosts = {
  'python3.11': {
    defines: ['Py_BytesMain', 'PyModule_Create2'],
    mode: 'RTLD_NOW',
    entry: 'PyInit_fast',
  },
  node: { defines: ['napi_create_object'], mode: 'RTLD_LAZY', entry: 'napi_register_module_v1' },
  nginx: {
    defines: ['ngx_cycle', 'ngx_log_error'],
    mode: 'RTLD_NOW | RTLD_GLOBAL',
    entry: 'ngx_modules',
  },
  login: { defines: [], mode: 'RTLD_NOW', entry: 'pam_sm_authenticate' },
} as const;

/** Prints `started` once the plugin is open, and ends with what its entry returns. */
export function hostSource({ host, path }: OpeningCase): string {
  const { defines, mode, entry } = hosts[host];
  return `
#include <dlfcn.h>
#include <stdio.h>
#include <unistd.h>
${defines.map((name) => `int ${name}(void) { return 42; }`).join('\n')}
int main(void) {
  void *plugin = dlopen("${path}", ${mode});
  if (plugin == 0) { fprintf(stderr, "%s\\n", dlerror()); return 1; }
  if (write(1, "started\\n", 8) != 8) return 1;
  int (*entry)(void) = (int (*)(void)) dlsym(plugin, "${entry}");
  return entry == 0 ? 42 : entry();
}`;
}

/** A plugin whose entry returns what \`body\` says. */
export function entryOf(host: OpeningCase['host'], body: string, before = ''): string {
  return `${before}\nint ${hosts[host].entry}(void) { ${body} }`;
}
