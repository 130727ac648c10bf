update gate set remaining = greatest(0, remaining - 1) where key = :gateKey returning remaining
