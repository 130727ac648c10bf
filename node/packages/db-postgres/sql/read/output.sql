select
  stdout, stderr, stdout_bytes as "stdoutBytes", stderr_bytes as "stderrBytes",
  stdout_truncated as "stdoutTruncated", stderr_truncated as "stderrTruncated"
from step_output
where step_key = :stepKey and attempt = :attempt
