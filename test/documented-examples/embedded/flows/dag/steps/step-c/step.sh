#!/bin/bash
echo "step-c done"
