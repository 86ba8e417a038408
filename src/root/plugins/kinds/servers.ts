import type { PluginFile, PluginKind } from '../plugin-kind.ts';

/** `load_module`: RTLD_NOW and RTLD_GLOBAL (src/os/unix/ngx_dlopen.h). */
export const nginx: PluginKind = {
  host: 'nginx',
  verb: 'load',
  bindsAtLoad: true,
  given: /^ngx_/,
  hosts: {
    named: /^(?:nginx|openresty|angie|freenginx)(?:-\w+)?$/,
    needs: null,
    exports: 'ngx_cycle',
  },
  claim: byEntry(/^ngx_modules$/),
};

/** APR opens a module with RTLD_NOW; its one variable may have any name. */
export const apache: PluginKind = {
  host: 'Apache',
  verb: 'load',
  bindsAtLoad: true,
  given: null,
  hosts: { named: /^(?:apache2|httpd)$/, needs: null, exports: 'ap_server_root' },
  claim(file) {
    const isModule = /\/(?:apache2|httpd|modules)\/(?:modules\/)?mod_[^/]+\.so$/.test(file.path);
    return isModule ? anyVersion(file) : null;
  },
};

export const postgres: PluginKind = {
  host: 'PostgreSQL',
  verb: 'load',
  bindsAtLoad: true,
  given: null,
  hosts: { named: /^postgres$/, needs: null, exports: 'PostmasterMain' },
  claim: byEntry(/^Pg_magic_func$/),
};

export function byEntry(entry: RegExp, path: RegExp | null = null) {
  return (file: PluginFile) => {
    const isOne = file.tables.entryPoints.some((name) => entry.test(name));
    return isOne && (path === null || path.test(file.path)) ? anyVersion(file) : null;
  };
}

export function anyVersion({ path }: PluginFile, isOptional = true) {
  return { choice: path, isOptional, version: null, fits: () => true } as const;
}
