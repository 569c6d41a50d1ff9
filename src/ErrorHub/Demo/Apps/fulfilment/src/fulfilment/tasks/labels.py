"""Buys shipping labels and hands them to the warehouse."""
import requests
from celery import shared_task

from fulfilment.carriers import CARRIERS, CarrierError
from fulfilment.models import Shipment
from fulfilment.storage import bucket


@shared_task(bind=True, max_retries=5)
def buy_label(self, order_id: int) -> str:
    shipment = Shipment.objects.select_related("address").get(order_id=order_id)
    carrier = CARRIERS[shipment.address.country]
    weight = sum(line.weight_g * line.quantity for line in shipment.lines.all())
    try:
        label = carrier.quote(shipment, weight).buy()
    except requests.Timeout as error:
        raise self.retry(exc=error, countdown=30)
    if label.price_cents > shipment.budget_cents:
        raise CarrierError(f"Label for order {order_id} costs {label.price_cents}, budget is {shipment.budget_cents}")
    path = bucket.put(f"labels/{order_id}.pdf", label.pdf)
    shipment.tracking = label.tracking.upper()
    shipment.save(update_fields=["tracking"])
    return path
