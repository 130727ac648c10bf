select now_ms() as "now"
