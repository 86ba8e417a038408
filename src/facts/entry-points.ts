// supporting: functions that a running process looks up by name in the libraries that it opens

/**
 * By these names an interpreter, a server or a libc takes hold of a plugin after dlopen: Python (import.c), N-API and
 * Node's own addons, the JVM (JNI specification), nginx, PAM, iconv, OpenSSL, PostgreSQL, PHP, Ruby, Perl, Lua, the
 * name service switch. Apache and others take a variable of any name.
 */
const entryPoint =
  /^(?:PyInitU?_.|napi_register_module_v\d|node_register_module_v\d|JNI_OnLoad|Java_.|ngx_modules$|pam_sm_|gconv$|bind_engine$|OSSL_provider_init$|Pg_magic_func$|get_module$|Init_.|boot_.|luaopen_.|_nss_.)/;

/** Their first letters, and those of no mangled name, as most names of C++ and Rust libraries are. */
const beginnings = new Set([...'PnJOpgbIl'].map((letter) => letter.charCodeAt(0)));
const underscore = '_'.charCodeAt(0);
const n = 'n'.charCodeAt(0);

function mayBeOne(name: string): boolean {
  const first = name.charCodeAt(0);
  return first === underscore ? name.charCodeAt(1) === n : beginnings.has(first);
}

/** An interpreter exports those of the modules that are built into it. */
const mostKept = 64;

export function entryPointsAmong(names: Iterable<string>): readonly string[] {
  const found: string[] = [];
  let isJava = false;
  for (const name of names) {
    if (!mayBeOne(name) || !entryPoint.test(name)) continue;
    // There is one for each method; that there are any is all that counts.
    const isMethod = name.startsWith('Java_');
    if (isMethod && isJava) continue;
    isJava ||= isMethod;
    found.push(name);
    if (found.length === mostKept) break;
  }
  return found;
}
