#!/bin/bash
set -eu

echo "kept for the next run"
