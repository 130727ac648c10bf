#!/bin/bash
echo "quick done"
