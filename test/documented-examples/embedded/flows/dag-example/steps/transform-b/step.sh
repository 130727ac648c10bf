#!/bin/bash
echo "transform-b done"
