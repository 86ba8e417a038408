#!/bin/sh
# differentials.sh: a slice with fixed seeds of each suite that holds verdicts against something else than expectations: the
# kernel, marks that must change nothing, tables that are broken one at a time, saved reports that other policies judge, the
# runtimes of images, and images that are started. lab/README.md says how to run each of them whole.
set -eu
cd "$(dirname "$0")/.."

echo 'memory of 1,000 changed programs, as the kernel maps it:'
node dist/lab/compare-with-kernel.js 1000 7
echo 'marks that anybody can write:'
node dist/lab/check-marks.js
echo 'one broken table at a time:'
node dist/lab/break-tables.js --files 200 --slice 1/10 /usr/bin /usr/lib/x86_64-linux-gnu
echo 'saved reports by random policies, and by tighter ones:'
node dist/lab/try-policies.js --policies 12 --scans 12
if [ "$(id -u)" = 0 ]; then
  echo 'files of images, as runtimes unpack them:'
  node dist/lab/compare-with-runtimes.js 260
  echo 'images as people have them, as runtimes open them:'
  node dist/lab/compare-intake.js
  echo 'entry points of images, as crun starts them:'
  node dist/lab/compare-with-crun.js
  echo 'images that are started:'
  node dist/lab/compare-with-started-images.js --count 160 --seed 1
else
  echo 'the comparisons with runtimes and with starting need root: sudo sh lab/differentials.sh' >&2
  exit 1
fi
