#!/bin/bash
echo ready
sleep 1000
