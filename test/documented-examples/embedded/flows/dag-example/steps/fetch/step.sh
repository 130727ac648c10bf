#!/bin/bash
echo "fetch done"
