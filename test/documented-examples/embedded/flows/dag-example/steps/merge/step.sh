#!/bin/bash
echo "merge done"
