#!/bin/bash
echo "step-b done"
