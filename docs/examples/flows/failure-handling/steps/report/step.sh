#!/bin/bash
set -eu

echo "done, one way or the other"
