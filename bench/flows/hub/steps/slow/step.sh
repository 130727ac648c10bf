#!/bin/bash
sleep 0.5
