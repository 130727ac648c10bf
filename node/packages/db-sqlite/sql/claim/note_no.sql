update worker set claimed_no = max(claimed_no, :no) where key = :workerKey
