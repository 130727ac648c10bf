#!/bin/bash
echo "fetch-users done"
