#!/bin/bash
echo "generate-report done"
