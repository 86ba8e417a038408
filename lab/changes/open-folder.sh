#!/bin/sh
# open-folder.sh FILE: anyone may replace what lies in its folder.
chmod 777 "$(dirname "$1")"
