"""client/signals: one function, whose routes stand in two modules."""

from promostack.app.endpoint import Endpoint

endpoint = Endpoint("client/signals")
