/** Scripts for a shell, or for what reads words as one does. */
export function isForShell(shebang: string): boolean {
  return /\b(r?sh|ash|dash|r?bash|[mlr]?ksh|pdksh|posh|yash|zsh|busybox|openrc-run|execlineb|with-contenv|start-stop-daemon)\b/.test(
    shebang,
  );
}

/**
 * What a script for a shell says to its readers leads nowhere. Behind a quote, an escape, a brace or an expansion `#` may be part of a
 * word, so what follows it there stays. The first line names the interpreter.
 */
export function withoutComments(script: string): string {
  return script
    .split('\n')
    .map((line, index) =>
      index === 0 && line.startsWith('#!')
        ? line
        : line.replace(/^((?:[^"'`\\{$#]*[\s;&|()])?)#.*$/, '$1'),
    )
    .join('\n');
}
