#!/bin/bash
echo "fetch-orders done"
