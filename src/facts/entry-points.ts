// supporting: functions that a running process looks up by name in the libraries that it opens
import type { SymbolTable } from '../elf/symbol-table.ts';

/**
 * By these names an interpreter, a server or a libc takes hold of a plugin after dlopen: Python (import.c), N-API and
 * Node's own addons, the JVM (JNI specification), nginx, PAM, iconv, OpenSSL, PostgreSQL, PHP, Ruby, Perl, Lua, the
 * name service switch. Apache and others take a variable of any name.
 */
const entryPoint =
  /^(?:PyInitU?_.|napi_register_module_v\d|node_register_module_v\d|JNI_OnLoad|Java_.|ngx_modules$|pam_sm_|gconv$|bind_engine$|OSSL_provider_init$|Pg_magic_func$|get_module$|Init_.|boot_.|luaopen_.|_nss_.)/;

/** Their first letters, and those of no mangled name, as most names of C++ and Rust libraries are. */
const begins = new Uint8Array(256);
for (const letter of 'PnJOpgbIl') begins[letter.charCodeAt(0)] = 1;
const underscore = '_'.charCodeAt(0);
const n = 'n'.charCodeAt(0);

/** An interpreter exports those of the modules that are built into it. */
const mostKept = 64;

/** Those among the symbols that it is shown. */
export class EntryPoints {
  readonly found: string[] = [];
  #isJava = false;

  consider(symbols: SymbolTable, index: number): void {
    if (!mayBeOne(symbols, index) || this.found.length === mostKept) return;
    const name = symbols.name(index);
    if (!entryPoint.test(name)) return;
    // There is one for each method; that there are any is all that counts.
    const isMethod = name.startsWith('Java_');
    if (isMethod && this.#isJava) return;
    this.#isJava ||= isMethod;
    this.found.push(name);
  }
}

function mayBeOne({ nameBytes, nameStarts }: SymbolTable, index: number): boolean {
  const start = nameStarts[index] ?? 0;
  const first = nameBytes[start] ?? 0;
  return first === underscore ? nameBytes[start + 1] === n : begins[first] === 1;
}
