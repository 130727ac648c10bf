update stage set status = :status, completed_at = now_ms() where key = :stageKey and status in ('pending', 'running') and open_steps = 0
