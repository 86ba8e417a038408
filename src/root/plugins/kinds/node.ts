import { choiceOf } from '../choice.ts';
import type { PluginKind } from '../plugin-kind.ts';

/** An addon: require() gives every `.node` file to its own dlopen, which opens it with RTLD_LAZY (src/node_binding.cc). */
export const node: PluginKind = {
  host: 'Node.js',
  verb: 'load',
  bindsAtLoad: false,
  // V8 and Node in C++, N-API, libuv, and what Node exports of OpenSSL and zlib.
  given:
    /^(?:napi_|node_|uv_|_ZT?[A-Z]*\d*(?:2v8|4node|5cppgc)|(?:SSL|EVP|BIO|CRYPTO|RAND|X509|PEM|BN|EC|RSA|DH|HMAC|ERR|OPENSSL|ASN1|OBJ)_|(?:de|in)flate|crc32|adler32)/,
  hosts: {
    named: /^(?:node(?:js)?[\d.]*|bun|deno)$/,
    needs: /^libnode\.so/,
    exports: 'napi_create_object',
  },
  claim({ path, name }) {
    if (!name.endsWith('.node')) return null;
    return { choice: choiceOf(path), isOptional: false, version: null, fits: () => true };
  },
  /** node-gyp-build takes what was compiled before what came along. */
  replacedBy({ path }, root) {
    const before = path.indexOf('/prebuilds/');
    if (before < 0) return null;
    const folder = `${path.slice(0, before)}/build/Release`;
    const built = root.list(folder).find((name) => name.endsWith('.node'));
    return built === undefined ? null : `${folder}/${built}`;
  },
};
