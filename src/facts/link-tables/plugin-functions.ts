import { beginningAt, type SymbolTable } from '../../elf/symbols/symbol-table.ts';

/**
 * By these names an interpreter, a server or a libc takes hold of a plugin after dlopen: Python (import.c), N-API and
 * Node's own addons, the JVM (JNI specification), nginx, PAM, iconv, OpenSSL, PostgreSQL, PHP, Ruby, Perl, Lua, the
 * name service switch. Apache and others take a variable of any name.
 */
const entryPoint =
  /^(?:PyInitU?_.|napi_register_module_v\d|node_register_module_v\d|JNI_OnLoad|Java_.|ngx_modules$|pam_sm_|gconv$|bind_engine$|OSSL_provider_init$|Pg_magic_func$|get_module$|Init_.|boot_.|luaopen_.|_nss_.)/;

/** How they begin, which excludes nearly all names of a library without a string. */
const beginnings = [
  ...['PyIn', 'napi', 'node', 'JNI_', 'Java', 'ngx_', 'pam_', 'gcon', 'bind', 'OSSL', 'Pg_m'],
  ...['get_', 'Init', 'boot', 'luao', '_nss'],
].map((letters) => Buffer.from(letters));
const pairs = new Uint8Array(0x10000);
for (const letters of beginnings) pairs[letters.readUInt16BE(0)] = 1;
const fours = new Set(beginnings.map((letters) => letters.readUInt32BE(0)));

/** An interpreter exports those of the modules that are built into it. */
const mostKept = 64;

/** Those among the names that it is shown. */
export class EntryPoints {
  readonly found: string[] = [];
  #isJava = false;

  consider(name: string): void {
    if (this.found.length === mostKept || !entryPoint.test(name)) return;
    // There is one for each method; that there are any is all that counts.
    const isMethod = name.startsWith('Java_');
    if (isMethod && this.#isJava) return;
    this.#isJava ||= isMethod;
    this.found.push(name);
  }
}

/** Whether a symbol may be one: asked of each, and not one of a hundred may. */
export function mayBeEntryPoint(symbols: SymbolTable, index: number): boolean {
  const beginning = symbols.beginnings[index] ?? 0;
  if (pairs[beginning] === 0) return false;
  const next = beginningAt(symbols.nameBytes, (symbols.nameStarts[index] ?? 0) + 2);
  return fours.has(beginning * 0x10000 + next);
}
