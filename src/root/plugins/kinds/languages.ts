import type { Claim, PluginFile, PluginKind } from '../plugin-kind.ts';
import { anyVersion, byEntry } from './servers.ts';

/** Ruby opens with RTLD_LAZY (dln.c) and calls Init_NAME. */
export const ruby: PluginKind = {
  host: 'Ruby',
  verb: 'load',
  bindsAtLoad: false,
  given: /^(?:rb_|ruby_|onig|st_|Init_)/,
  hosts: { named: /^ruby[\d.]*$/, needs: /^libruby/, exports: 'ruby_init' },
  claim: moduleOfRuby,
};

/** DynaLoader opens with RTLD_LAZY and calls boot_Name__Of__Module. */
export const perl: PluginKind = {
  host: 'Perl',
  verb: 'load',
  bindsAtLoad: false,
  given: /^(?:Perl_|PL_|perl_|boot_|PerlIO)/,
  hosts: { named: /^perl[\d.]*$/, needs: /^libperl\.so/, exports: 'perl_alloc' },
  claim: byEntry(/^boot_/, /\/auto\/.+\.so$/),
};

/** PHP opens with RTLD_LAZY (DL_LOAD in Zend/zend_portability.h) and calls get_module. */
export const php: PluginKind = {
  host: 'PHP',
  verb: 'load',
  bindsAtLoad: false,
  given: null,
  hosts: {
    named: /^php(?:-fpm|-cgi|dbg)?[\d.]*$/,
    needs: /^libphp/,
    exports: 'php_request_startup',
  },
  claim: byEntry(/^get_module$/, /\/(?:php|extensions|modules)[^/]*\//),
};

/** package.cpath: RTLD_NOW (loadlib.c). Many programs contain a Lua. */
export const lua: PluginKind = {
  host: 'Lua',
  verb: 'load',
  bindsAtLoad: true,
  given: /^lua(?:L|JIT|open)?_/,
  hosts: { named: /^lua(?:jit)?[\d.-]*$/, needs: /^liblua/, exports: 'lua_newstate' },
  claim: byEntry(/^luaopen_/, /\/lua[^/]*\//),
};

function moduleOfRuby(file: PluginFile): Claim | null {
  const stem = /^([^.]+)\.so$/.exec(file.name)?.[1];
  const isOne = stem !== undefined && file.tables.entryPoints.includes(`Init_${stem}`);
  return isOne ? anyVersion(file, !/\/gems\//.test(file.path)) : null;
}
