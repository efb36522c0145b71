"""PromoStack: branded promo images and the bots that hand them out."""
