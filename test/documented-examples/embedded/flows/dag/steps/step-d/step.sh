#!/bin/bash
echo "step-d done"
