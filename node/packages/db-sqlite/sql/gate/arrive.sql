update gate set remaining = max(0, remaining - 1) where key = :gateKey returning remaining
