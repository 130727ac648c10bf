insert into step_output (step_key, attempt, stdout, stderr, stdout_bytes, stderr_bytes, stdout_truncated, stderr_truncated)
values (:stepKey, :attempt, :stdout, :stderr, :stdoutBytes, :stderrBytes, :stdoutTruncated, :stderrTruncated)
on conflict (step_key, attempt) do nothing
