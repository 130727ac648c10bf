#!/bin/bash
echo "Goodbye, World!"
