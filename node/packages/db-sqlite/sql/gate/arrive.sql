update gate set remaining = max(0, remaining - :count) where key = :gateKey returning remaining
