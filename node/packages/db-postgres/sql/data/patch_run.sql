update run_detail
set
  name = case when :setName::boolean then :name else name end,
  description = case when :setDescription::boolean then :description else description end,
  output = case when :setOutput::boolean then :output else output end
where run_id = :runId::uuid
