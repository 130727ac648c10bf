update gate set remaining = greatest(0, remaining - :count::int) where key = :gateKey returning remaining
