#!/usr/bin/env bash
# check-version.sh VERSION: whether the checkout is of this version, and no release has it yet.
set -eu
cd "$(dirname "$0")/../.."
fail() { echo "check-version: $*" >&2; exit 1; }
version=${1-}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.]+)?$ ]] || fail "\"$version\" is not a version like 1.2.3"
grep -qF "\"version\": \"$version\"," package.json || fail "package.json does not have version $version"
grep -qxF "## $version" CHANGELOG.md || fail "CHANGELOG.md does not have the heading ## $version"
if git rev-parse -q --verify "refs/tags/v$version" >/dev/null; then fail "the tag v$version is there already"; fi
[ -z "$(git status --porcelain)" ] || fail 'the checkout has changes that are not committed'
