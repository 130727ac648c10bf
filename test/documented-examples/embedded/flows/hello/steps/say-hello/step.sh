#!/bin/bash
echo "Hello from MaxQ"
