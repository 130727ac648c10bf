#!/bin/bash
echo "analyze-data done"
