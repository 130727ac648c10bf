#!/bin/bash
echo "step-a done"
