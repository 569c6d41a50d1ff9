"""Takes the suppliers' stock files, every night."""
import csv
import io

from celery import shared_task
from django.db import transaction

from fulfilment.models import Stock
from fulfilment.storage import bucket


@shared_task(acks_late=True)
def import_stock(supplier: str) -> int:
    raw = bucket.get(f"suppliers/{supplier}/stock.csv")
    text = raw.decode("utf-8")
    rows = csv.DictReader(io.StringIO(text), delimiter=";")
    with transaction.atomic():
        return sum(import_row(supplier, row) for row in rows)


def import_row(supplier: str, row: dict[str, str]) -> int:
    sku = row["Article"]
    on_hand = int(row["Quantity"])
    stock = Stock.objects.select_for_update().get(supplier=supplier, sku=sku)
    stock.on_hand = on_hand
    stock.save(update_fields=["on_hand"])
    return 1
