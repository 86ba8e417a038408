import type { Root } from '../../../layers/root.ts';
import { choiceOf } from '../choice.ts';
import type { HostProgram, PluginKind } from '../plugin-kind.ts';

/** Natives: System.loadLibrary opens them with RTLD_LAZY (os::dll_load in HotSpot) and binds methods by name. */
export const java: PluginKind = {
  host: 'Java',
  verb: 'load',
  bindsAtLoad: false,
  given: /^(?:JNI_|JVM_|JNU_|jio_|Java_|JLI_)/,
  hosts: { named: /^java$/, needs: /^libjvm\.so$/, exports: null },
  claim({ path, name, tables }) {
    if (name === 'libjvm.so') return null;
    const isNative = tables.entryPoints.some(
      (entry) => entry === 'JNI_OnLoad' || entry.startsWith('Java_'),
    );
    if (!isNative) return null;
    // Those for windows and sound are whole only where X11 and ALSA are.
    const isOptional = /\/(?:jvm|jdk|jre|java|graalvm)[^/]*\/(?:.*\/)?lib\/[^/]+(?:\/[^/]+)?$/.test(
      path,
    );
    return { choice: choiceOf(path), isOptional, version: null, fits: () => true };
  },
  opens: virtualMachine,
  // java_md.c, RequiresSetenv: musl would not find libjvm.so by the name under which it is loaded.
  libraryPathUnderMusl(host) {
    const home = homeOf(host);
    return `${home}/lib/server:${home}/lib:${home}/../lib`;
  },
};

/** bin/java opens the virtual machine of the installation that it lies in. */
function virtualMachine(host: HostProgram, root: Root): readonly string[] {
  const home = homeOf(host);
  const places = ['lib/server', 'lib/client', 'lib/amd64/server', 'jre/lib/amd64/server'];
  return places
    .map((place) => `${home}/${place}/libjvm.so`)
    .filter((file) => root.resolve(file) !== undefined)
    .slice(0, 1);
}

function homeOf({ path }: HostProgram): string {
  return path.replace(/\/bin\/[^/]+$/, '');
}
