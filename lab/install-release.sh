#!/bin/bash
# install-release.sh [FOLDER]: makes a release of the last commit and installs it in every way that the documentation names: by npm
# out of git and out of a packed file, a fresh clone by npm, and its hooks by two versions of pre-commit (Debian's, and the newest of PyPI),
# each with a commit that passes, one that is refused and one of texts alone. Needs npm, git, python3-venv, pre-commit and a network.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
place=${1:-$(mktemp -d)}
mkdir -p "$place"
place=$(cd "$place" && pwd)
export npm_config_audit=false npm_config_fund=false npm_config_update_notifier=false
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
failed=0
check() { # check NAME WANTED COMMAND...
  name=$1 want=$2 code=0
  shift 2
  begin=$SECONDS
  "$@" >"$place/log" 2>&1 || code=$?
  if [ "$code" = "$want" ]; then
    echo "ok      $name ($((SECONDS - begin)) s)"
  else
    failed=1
    echo "FAILED  $name: exit code $code, expected $want"
    tail -n 20 "$place/log" | sed 's/^/    /'
  fi
}
commit() { git -C "$1" init -q && git -C "$1" add -A -f && git -C "$1" commit -q -m all; }

check 'a release' 0 node "$root/scripts/release/release-tree.mjs" --repository https://example.org/owner/hullcheck "$place/tree"
commit "$place/tree"
sample=$root/samples/images/alpine-app.oci

check 'npm install --global git+file' 0 npm install --global --prefix "$place/by-git" "git+file://$place/tree"
check 'it scans' 1 "$place/by-git/bin/hullcheck" "$sample"
(cd "$place/tree" && npm pack --silent --pack-destination "$place" >/dev/null)
check 'npm install --global of the packed file' 0 npm install --global --prefix "$place/by-file" "$place"/hullcheck-*.tgz
check 'it scans' 1 "$place/by-file/bin/hullcheck" "$sample"
mkdir "$place/project"
check 'npx of the packed file' 1 sh -c "cd $place/project && npm init -y >/dev/null && npm install ../hullcheck-*.tgz && npx --no hullcheck $sample"
git clone -q "$root" "$place/clone"
check 'npm install --global of a fresh clone' 0 sh -c "cd $place/clone && npm install --global --prefix $place/by-clone ."
check 'it scans' 1 "$place/by-clone/bin/hullcheck" "$sample"

python3 -m venv "$place/newest"
"$place/newest/bin/pip" install -q pre-commit
for hooks in "$place/tree" "$place/clone"; do
  for program in pre-commit "$place/newest/bin/pre-commit"; do
    version="$("$program" --version) with $(basename "$hooks")"
    export PRE_COMMIT_HOME=$place/cache-${version//[ .]/-}
    project=$place/project-${version//[ .]/-}
    mkdir "$project"
    printf 'repos: [{repo: %s, rev: %s, hooks: [{id: hullcheck}]}]\n' "$hooks" "$(git -C "$hooks" rev-parse HEAD)" \
      >"$project/.pre-commit-config.yaml"
    echo 'GROUP ( /lib/libc.so.6 )' >"$project/libc.so"
    commit "$project"
    check "$version: texts alone pass" 0 sh -c "cd $project && $program run --all-files"
    cp "$root/samples/elf/x86_64-glibc-gcc-pie-hardened" "$project/good"
    git -C "$project" add -A
    check "$version: a hardened program passes" 0 sh -c "cd $project && $program run --all-files"
    cp "$root/samples/elf/x86_64-glibc-gcc-nopie-bare" "$project/bad"
    git -C "$project" add -A
    check "$version: another one is refused" 1 sh -c "cd $project && $program run --all-files"
  done
done
[ $# = 1 ] || rm -rf "$place"
exit $failed
