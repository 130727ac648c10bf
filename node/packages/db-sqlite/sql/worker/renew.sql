update worker set renewals = renewals + 1, renewed_at = now_ms() where key = :workerKey and status in ('live', 'draining')
