#!/bin/bash
echo "after done"
