#!/usr/bin/env bash
# push-image.sh IMAGE VERSION: builds the image of the Dockerfile, pushes it, and writes its digest to the outputs of the step.
set -eu
image=$1
version=$2
cd "$(dirname "$0")/../.."
docker build --tag "$image:$version" .
docker push "$image:$version"
name=$(docker inspect --format '{{index .RepoDigests 0}}' "$image:$version")
digest=${name##*@}
[[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || { echo "push-image: $name has no digest" >&2; exit 1; }
echo "digest=$digest" >>"$GITHUB_OUTPUT"
