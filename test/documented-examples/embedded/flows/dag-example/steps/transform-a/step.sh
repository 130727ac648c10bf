#!/bin/bash
echo "transform-a done"
