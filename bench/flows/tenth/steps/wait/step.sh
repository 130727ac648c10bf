#!/bin/bash
exec sleep 0.1
