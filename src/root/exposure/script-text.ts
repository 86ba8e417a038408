/** Scripts for a shell, or for what reads words as one does. */
export function isForShell(shebang: string): boolean {
  return /\b(r?sh|ash|dash|r?bash|[mlr]?ksh|pdksh|posh|yash|zsh|busybox|openrc-run|execlineb|with-contenv|start-stop-daemon)\b/.test(
    shebang,
  );
}
