#!/usr/bin/env bash
# tag-release.sh TREE VERSION: commits the files of a release on top of the commit that they were made of, which stays the last one of
# its branch, and pushes the tag. So git, npm, GitHub and pre-commit get a built release by its tag.
set -eu
tree=$(cd "$1" && pwd)
version=$2
cd "$(dirname "$0")/../.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
GIT_INDEX_FILE=$place/index git --work-tree="$tree" add --all --force .
content=$(GIT_INDEX_FILE=$place/index git write-tree)
: "${GIT_AUTHOR_NAME:=hullcheck release}" "${GIT_AUTHOR_EMAIL:=release@invalid}"
: "${GIT_COMMITTER_NAME:=$GIT_AUTHOR_NAME}" "${GIT_COMMITTER_EMAIL:=$GIT_AUTHOR_EMAIL}"
export GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME GIT_COMMITTER_EMAIL
commit=$(git commit-tree "$content" -p HEAD -m "release: hullcheck $version")
git tag "v$version" "$commit"
git push --quiet origin "refs/tags/v$version"
echo "v$version is $commit"
