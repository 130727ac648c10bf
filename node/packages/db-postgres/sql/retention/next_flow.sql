-- Flow by flow along the index that begins with the name, however many runs each has.
select min(flow_name) as "flowName" from run where flow_name > :after
