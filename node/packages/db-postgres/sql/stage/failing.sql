select key from stage where key = any(:stageKeys::bigint[]) and fail_fast and failed_steps > 0
