update run_detail
set
  name = case when :setName then :name else name end,
  description = case when :setDescription then :description else description end,
  output = case when :setOutput then :output else output end
where run_id = :runId
