"""Whether a coupon code is good: providers, cache, circuit breaker and guess limits."""
